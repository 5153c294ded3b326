import Foundation
import VitrineCore

/// A product as it is stored: a JSON body without line numbers, so that a reordered file says the same, and the lines beside it.
struct ProductText: Sendable {
    /// JSON that `Product` reads; every `line` in it is 0.
    var body: String
    /// The lines in the order product, pictures, variants, variants' pictures, with a space between.
    var lines: String
    /// The identity of the body.
    var version: String

    /// Half of a SHA-256 in hexadecimal: what tells one body from another.
    static let versionLength = 32

    /// The product that was stored as this body with these lines; throws `DecodingError`.
    static func product(body: String, lines: String) throws -> Product {
        var product = try JSONDecoder().decode(Product.self, from: Data(body.utf8))
        var numbers = lines.utf8.split(separator: UInt8(ascii: " ")).lazy.map { digits in
            digits.reduce(0) { $0 &* 10 &+ Int($1 &- UInt8(ascii: "0")) }
        }.makeIterator()
        product.line = numbers.next() ?? 0
        for index in product.images.indices { product.images[index].line = numbers.next() ?? 0 }
        for index in product.variants.indices { product.variants[index].line = numbers.next() ?? 0 }
        for index in product.variants.indices where product.variants[index].image != nil {
            product.variants[index].image?.line = numbers.next() ?? 0
        }
        return product
    }
}

/// Writes products as stored text, with one buffer for many: an import writes hundreds of thousands.
struct ProductWriter {
    private var bytes: [UInt8] = []
    private var digits: [UInt8] = []

    init() {
        bytes.reserveCapacity(4096)
    }

    /// The stored text of a product.
    mutating func text(of product: Product) -> ProductText {
        bytes.removeAll(keepingCapacity: true)
        write(product)
        let body = String(decoding: bytes, as: UTF8.self)
        let version = Digest(of: bytes).digits(ProductText.versionLength)
        bytes.removeAll(keepingCapacity: true)
        number(product.line)
        for image in product.images { line(image.line) }
        for variant in product.variants { line(variant.line) }
        for variant in product.variants { if let image = variant.image { line(image.line) } }
        return ProductText(body: body, lines: String(decoding: bytes, as: UTF8.self), version: version)
    }

    private mutating func write(_ product: Product) {
        name("{\"id\":", product.id.rawValue)
        name(",\"feed\":", product.feed.rawValue)
        name(",\"key\":", product.key)
        plain(",\"line\":0")
        name(",\"title\":", product.title)
        name(",\"description\":", product.description)
        name(",\"brand\":", product.brand)
        plain(",\"categories\":")
        list(product.categories) { $0.string($1.description) }
        name(",\"type\":", product.type)
        plain(",\"tags\":")
        list(product.tags) { $0.string($1) }
        name(",\"link\":", product.link)
        price(product.price)
        name(",\"status\":", product.status.rawValue)
        attributes(product.attributes)
        plain(",\"images\":")
        list(product.images) { $0.write($1) }
        plain(",\"variants\":")
        list(product.variants) { $0.write($1) }
        plain("}")
    }

    private mutating func write(_ variant: Variant) {
        name("{\"key\":", variant.key)
        plain(",\"line\":0")
        name(",\"sku\":", variant.sku?.rawValue)
        name(",\"title\":", variant.title)
        plain(",\"options\":")
        list(variant.options) { writer, option in
            writer.name("{\"name\":", option.name)
            writer.name(",\"value\":", option.value)
            writer.plain("}")
        }
        price(variant.price)
        if let image = variant.image {
            plain(",\"image\":")
            write(image)
        }
        attributes(variant.attributes)
        plain("}")
    }

    private mutating func write(_ image: ImageSource) {
        name("{\"reference\":", image.reference)
        plain(",\"line\":0")
        name(",\"field\":", image.field)
        name(",\"alt\":", image.alt)
        plain("}")
    }

    private mutating func price(_ money: Money?) {
        guard let money else { return }
        plain(",\"price\":{\"amount\":\"")
        amount(money.micros)
        name("\",\"currency\":", money.currency)
        plain("}")
    }

    private mutating func attributes(_ attributes: [String: String]) {
        plain(",\"attributes\":{")
        var isFirst = true
        for (key, value) in attributes.count > 1 ? attributes.sorted(by: { $0.key < $1.key }) : Array(attributes) {
            if !isFirst { plain(",") }
            isFirst = false
            string(key)
            plain(":")
            string(value)
        }
        plain("}")
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout ProductWriter, Element) -> Void) {
        plain("[")
        var isFirst = true
        for element in elements {
            if !isFirst { plain(",") }
            isFirst = false
            write(&self, element)
        }
        plain("]")
    }

    private mutating func name(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        plain(name)
        string(value)
    }

    private mutating func plain(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var odd: UInt8 = 0
            for byte in utf8 {
                odd |=
                    (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
            }
            if odd == 0 {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): plain("\\\"")
        case UInt8(ascii: "\\"): plain("\\\\")
        case 0x0A: plain("\\n")
        case 0..<0x20:
            plain("\\u00")
            bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 15
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: bytes.append(byte)
        }
    }

    private mutating func line(_ value: Int) {
        plain(" ")
        number(value)
    }

    private mutating func number(_ value: some FixedWidthInteger) {
        digits.removeAll(keepingCapacity: true)
        var rest = value > 0 ? UInt64(value) : 0
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes.append(contentsOf: digits.reversed())
    }

    /// As `Money.amount` writes it: two decimals, or as many as it needs up to six.
    private mutating func amount(_ micros: Int64) {
        if micros < 0 { plain("-") }
        number(micros.magnitude / 1_000_000)
        plain(".")
        var fraction = micros.magnitude % 1_000_000
        var places = 6
        while places > 2, fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        let start = bytes.count
        number(fraction)
        while bytes.count - start < places { bytes.insert(UInt8(ascii: "0"), at: start) }
    }
}
