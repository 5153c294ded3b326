internal import Foundation

/// Where a page of a list ended, opaque to whoever carries it back.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    /// The text that is carried.
    public let text: String

    /// A cursor as somebody brought it back.
    public init(text: String) {
        self.text = text
    }

    /// The place after the row with that key.
    public init(after key: [String]) {
        text = Base64URL.text(of: Array(StoredJSON.text(key).utf8))
    }

    /// The key of the row before the place; nil when the text is none of ours.
    public func key(of count: Int) -> [String]? {
        guard let bytes = Base64URL.bytes(of: text) else { return nil }
        // Whatever cannot be read is not a cursor; nothing is lost but the reason.
        guard let key: [String] = try? StoredJSON.value(String(decoding: bytes, as: UTF8.self)) else { return nil }
        return key.count == count ? key : nil
    }

    /// The text that is carried.
    public var description: String { text }
}

/// Some rows of a list, and where to go on; there may be more although a page is short.
public struct Page<Item> {
    /// The rows.
    public var items: [Item]
    /// Where the next page begins; nil at the end.
    public var next: PageCursor?

    /// A page.
    public init(_ items: [Item], next: PageCursor? = nil) {
        self.items = items
        self.next = next
    }
}

extension Page: Sendable where Item: Sendable {}
extension Page: Equatable where Item: Equatable {}

/// Bytes as text that may stand in an address.
public enum Base64URL {
    /// The bytes in the alphabet of RFC 4648 §5, without padding.
    public static func text(of bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes that were written so; nil for anything else.
    public static func bytes(of text: String) -> [UInt8]? {
        var padded = text.replacing("-", with: "+").replacing("_", with: "/")
        while padded.utf8.count % 4 != 0 { padded += "=" }
        return Data(base64Encoded: padded).map(Array.init)
    }
}
