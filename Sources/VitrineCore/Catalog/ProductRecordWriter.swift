/// Writes products as records, with one buffer for many: an import writes hundreds of thousands.
struct ProductRecordWriter {
    private var bytes: [UInt8] = []
    private var digits: [UInt8] = []

    init() {
        bytes.reserveCapacity(4096)
    }

    /// The record of a product.
    mutating func record(of product: Product) -> ProductRecord {
        bytes.removeAll(keepingCapacity: true)
        write(product)
        let body = String(decoding: bytes, as: UTF8.self)
        let version = Digest(of: bytes).digits(ProductRecord.versionLength)
        bytes.removeAll(keepingCapacity: true)
        number(product.line)
        for image in product.images { line(image.line) }
        for variant in product.variants { line(variant.line) }
        for variant in product.variants { if let image = variant.image { line(image.line) } }
        var names: [ProductRecord.Name] = []
        for variant in product.variants {
            guard let sku = variant.sku, !sku.rawValue.isEmpty else { continue }
            names.append(ProductRecord.Name(sku: sku, line: variant.line))
        }
        return ProductRecord(
            id: product.id,
            title: product.title,
            body: body,
            lines: String(decoding: bytes, as: UTF8.self),
            version: version,
            names: names
        )
    }

    private mutating func write(_ product: Product) {
        name("{\"feed\":", product.feed.rawValue)
        name(",\"key\":", product.key)
        name(",\"title\":", product.title)
        if !product.description.isEmpty { name(",\"description\":", product.description) }
        name(",\"brand\":", product.brand)
        list(",\"categories\":", product.categories) { $0.path($1) }
        name(",\"type\":", product.type)
        list(",\"tags\":", product.tags) { $0.string($1) }
        name(",\"link\":", product.link)
        price(product.price)
        if product.status != .active { name(",\"status\":", product.status.rawValue) }
        attributes(product.attributes)
        list(",\"images\":", product.images) { $0.write($1) }
        list(",\"variants\":", product.variants) { $0.write($1, of: product) }
        plain("}")
    }

    private mutating func write(_ variant: Variant, of product: Product) {
        name("{\"key\":", variant.key)
        name(",\"sku\":", variant.sku?.rawValue)
        name(",\"title\":", variant.title)
        list(",\"options\":", variant.options) { writer, option in
            writer.name("[", option.name)
            writer.name(",", option.value)
            writer.plain("]")
        }
        if variant.price != product.price { price(variant.price) }
        if variant.price == nil, product.price != nil { plain(",\"unpriced\":true") }
        if let image = variant.image {
            if let place = product.images.firstIndex(where: { image.isSame(as: $0) }) {
                plain(",\"as\":")
                number(place)
            } else {
                plain(",\"image\":")
                write(image)
            }
        }
        attributes(variant.attributes.lazy.filter { product.attributes[$0.key] != $0.value })
        var lacking: [String] = []
        for key in product.attributes.keys where variant.attributes[key] == nil { lacking.append(key) }
        list(",\"without\":", lacking.sorted()) { $0.string($1) }
        plain("}")
    }

    private mutating func write(_ image: ImageSource) {
        name("{\"reference\":", image.reference)
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

    private mutating func attributes(_ attributes: some Sequence<(key: String, value: String)>) {
        let sorted = attributes.sorted { $0.key < $1.key }
        guard !sorted.isEmpty else { return }
        plain(",\"attributes\":{")
        var isFirst = true
        for (key, value) in sorted {
            if !isFirst { plain(",") }
            isFirst = false
            string(key)
            plain(":")
            string(value)
        }
        plain("}")
    }

    private mutating func list<Element>(
        _ name: StaticString,
        _ elements: [Element],
        _ write: (inout ProductRecordWriter, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        plain(name)
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

    /// As `CategoryPath.description` writes it.
    private mutating func path(_ path: CategoryPath) {
        plain("\"")
        var isFirst = true
        for segment in path.segments {
            if !isFirst { plain(" > ") }
            isFirst = false
            characters(segment)
        }
        plain("\"")
    }

    private mutating func plain(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func string(_ text: String) {
        plain("\"")
        characters(text)
        plain("\"")
    }

    private mutating func characters(_ text: String) {
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

extension ImageSource {
    /// Whether both say the same, wherever they stand.
    fileprivate func isSame(as other: ImageSource) -> Bool {
        reference == other.reference && field == other.field && alt == other.alt
    }
}
