import VitrineCore

/// Reads prices as merchants write them: `12.50 USD`, `USD 12.50`, `12,50 €`, `1.234,56`, `$1,234`.
enum PriceText {
    /// The price; nil if there is no number in it, or one below zero, or one that does not fit.
    static func money(_ bytes: UnsafeBufferPointer<UInt8>, decimal: FeedProfile.Decimal, currency: String) -> Money? {
        var first = -1
        var last = -1
        for (index, byte) in bytes.enumerated() where (48...57).contains(byte) {
            if first < 0 { first = index }
            last = index
        }
        guard first >= 0 else { return nil }
        if first > 0, bytes[first - 1] == UInt8(ascii: ".") { first -= 1 }
        guard let micros = micros(UnsafeBufferPointer(rebasing: bytes[first...last]), decimal) else { return nil }
        if first > 0, bytes[first - 1] == UInt8(ascii: "-") { return nil }
        let before = bytes[0..<first]
        let after = bytes[(last + 1)...]
        let named = self.currency(before) ?? self.currency(after)
        return Money(micros: micros, currency: named ?? currency)
    }

    private static func micros(_ number: UnsafeBufferPointer<UInt8>, _ decimal: FeedProfile.Decimal) -> Int64? {
        let mark = decimalPlace(number, decimal)
        var whole: Int64 = 0
        var fraction: Int64 = 0
        var scale: Int64 = 1_000_000
        for (index, byte) in number.enumerated() {
            if (48...57).contains(byte) {
                if let mark, index > mark {
                    if scale > 1 {
                        scale /= 10
                        fraction += Int64(byte - 48) * scale
                    }
                } else {
                    guard whole < 100_000_000_000 else { return nil }
                    whole = whole * 10 + Int64(byte - 48)
                }
            } else if index != mark && !isGroupMark(byte) {
                return nil
            }
        }
        return whole * 1_000_000 + fraction
    }

    private static func decimalPlace(_ number: UnsafeBufferPointer<UInt8>, _ decimal: FeedProfile.Decimal) -> Int? {
        let point = number.lastIndex(of: UInt8(ascii: "."))
        let comma = number.lastIndex(of: UInt8(ascii: ","))
        if let point, let comma { return max(point, comma) }
        guard let place = point ?? comma else { return nil }
        let mark = number[place]
        if number.count(where: { $0 == mark }) > 1 { return nil }
        let digits = number.count - place - 1
        guard digits == 3, place > 0, !(place == 1 && number[0] == 48) else { return place }
        switch decimal {
        case .point: return mark == UInt8(ascii: ".") ? place : nil
        case .comma: return mark == UInt8(ascii: ",") ? place : nil
        case .either: return mark == UInt8(ascii: ".") ? place : nil
        }
    }

    private static func isGroupMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "'"), 0xc2, 0xa0, 0xe2, 0x80, 0xaf,
            0x99:
            true
        default: false
        }
    }

    private static func currency(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        var bytes = bytes
        while let byte = bytes.first, byte <= 0x20 { bytes = bytes.dropFirst() }
        while let byte = bytes.last, byte <= 0x20 || byte == UInt8(ascii: ".") { bytes = bytes.dropLast() }
        guard !bytes.isEmpty, bytes.count <= 12 else { return nil }
        if bytes.count == 3, bytes.allSatisfy({ (65...90).contains($0) }), !bytes.elementsEqual("RMB".utf8) {
            return String(decoding: bytes, as: UTF8.self)
        }
        if bytes.count == 3, bytes.allSatisfy({ (97...122).contains($0 | 0x20) }) {
            return symbols[String(decoding: bytes, as: UTF8.self).lowercased()]
                ?? String(decoding: bytes, as: UTF8.self).uppercased()
        }
        return symbols[String(decoding: bytes, as: UTF8.self).trimmed.lowercased()]
    }

    private static let symbols: [String: String] = [
        "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "円": "JPY", "元": "CNY", "rmb": "CNY",
        "cn¥": "CNY",
        "zł": "PLN", "₽": "RUB", "руб": "RUB", "р": "RUB", "₺": "TRY", "tl": "TRY", "₹": "INR", "rs": "INR",
        "r$": "BRL",
        "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD",
        "mx$": "MXN",
        "kč": "CZK", "ft": "HUF", "lei": "RON", "₴": "UAH", "₫": "VND", "đ": "VND", "₩": "KRW", "฿": "THB", "₱": "PHP",
        "₪": "ILS",
        "euro": "EUR", "eur": "EUR", "usd": "USD",
    ]
}
