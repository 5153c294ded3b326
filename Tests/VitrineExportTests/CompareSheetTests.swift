import Testing
import VitrineCore

@testable import VitrineExport

@Suite("Takes side by side")
struct CompareSheetTests {
    @Test("the page names models and votes, escapes what a feed says, and brings nothing from elsewhere")
    func page() throws {
        let rows = [CompareSheet.Row(title: "Mug <b>", placement: .square, takes: [])]
        let standings = [ModelStanding(provider: "fal", model: "m", wins: 8, of: 10)]

        let files = try CompareSheet().files(for: rows, standings: standings)

        guard case .bytes(let bytes) = try #require(files.first).contents else {
            Issue.record("the page comes first")
            return
        }
        let html = String(decoding: bytes, as: UTF8.self)
        #expect(html.contains("Mug &lt;b&gt;"))
        #expect(html.contains("<td>8 of 10</td><td>49–94 %</td>"))
        #expect(html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"))
        #expect(!html.contains("http://") && !html.contains("https://"))
    }
}
