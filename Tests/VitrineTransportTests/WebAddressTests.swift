import Testing
import VitrineCore

@testable import VitrineTransport

@Suite struct WebAddressTests {
    @Test(
        "an address is read as curl reads it",
        arguments: [
            ("https://Shop.Example/a.jpg", "https://shop.example/a.jpg", 443, "https://shop.example/a.jpg"),
            ("http://shop.example:8080/a b.jpg?key=1#x", "", 8080, "http://shop.example:8080/a%20b.jpg"),
            ("https://shop.example/ä.jpg", "https://shop.example/%c3%a4.jpg", 443, "https://shop.example/%c3%a4.jpg"),
            ("https://shop.example/a%20b.jpg", "https://shop.example/a%20b.jpg", 443, "https://shop.example/a%20b.jpg"),
            ("http://0x7f000001/", "http://127.0.0.1/", 80, "http://127.0.0.1/"),
            ("http://[::1]:90/x", "http://[::1]:90/x", 90, "http://[::1]:90/x"),
        ]
    )
    func reads(_ text: String, whole: String, port: Int, shown: String) throws {
        let address = try WebAddress(text)

        if !whole.isEmpty { #expect(address.text.lowercased() == whole) }
        #expect(address.port == port)
        #expect(address.shown.lowercased() == shown)
    }

    @Test(
        "what is no plain web address is refused, and nothing is sent",
        arguments: [
            "", "shoe.png", "/a/b.png", "ftp://a.example/x", "file:///etc/passwd", "javascript:alert(1)", "data:,x",
            "https://user:geheim@a.example/", "https://user@a.example/", "https://", "https://a.example/\n/x",
            "https://a.example:99999/", "gopher://a.example/", "https://" + String(repeating: "a", count: 9000),
        ]
    )
    func refuses(_ text: String) throws {
        let error = #expect(throws: TransportError.self) { try WebAddress(text) }

        #expect(error?.kind == .badAddress)
        #expect(error?.mayHaveBeenSent == false)
        #expect(error?.message.contains("geheim") == false)
    }
}
