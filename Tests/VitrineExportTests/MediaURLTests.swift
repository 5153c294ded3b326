import Testing

@testable import VitrineExport

@Suite struct MediaURLTests {
    @Test(
        "a file's address is the base and its name",
        arguments: [
            ("https://cdn.example/v", "https://cdn.example/v/x.mp4"),
            ("https://cdn.example/v//", "https://cdn.example/v/x.mp4"),
            ("HTTP://cdn.example:8080", "HTTP://cdn.example:8080/x.mp4"),
        ]
    )
    func joins(_ base: String, _ address: String) throws {
        #expect(try #require(MediaURL(base)).address(of: "x.mp4") == address)
    }

    @Test(
        "what no channel could fetch is refused",
        arguments: [
            "", "cdn.example", "ftp://cdn.example", "https://", "https:///x", "https://u:p@cdn.example",
            "https://cdn.example/?a=b",
            "https://cdn.example/#x", "https://cdn.example/ä", "https://cdn.example/a b", "https://cdn.example/a,b",
            "https://cdn.example/" + String(repeating: "a", count: 2000),
        ]
    )
    func refuses(_ base: String) {
        #expect(MediaURL(base) == nil)
    }
}
