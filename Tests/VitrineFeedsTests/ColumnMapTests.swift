import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct ColumnMapTests {
    private static let map = """
        map: stock
        identity: [artnr]
        columns:
          title: bezeichnung
          image: "foto<n>"
          price: vk
          category: gruppe
          sku: artnr
        separators: {levels: "/"}
        decimal: comma
        """

    @Test("any table is read through a mapping")
    func mapped() throws {
        let feed = try FeedSample.read(
            "ArtNr;Bezeichnung;VK;Gruppe;Foto2;Foto1\n1;Tasse;1.234,50;Küche/Tassen;b.jpg;a.jpg\n",
            map: ColumnMapTests.map,
            currency: "EUR"
        )

        #expect(feed.format == "stock")
        #expect(feed.titles == ["Tasse"])
        #expect(feed.products[0].price == Money("1234.50", currency: "EUR"))
        #expect(feed.products[0].images.map(\.reference) == ["a.jpg", "b.jpg"])
        #expect(feed.products[0].categories == [CategoryPath(["Küche", "Tassen"])])
    }

    @Test("a column that the mapping names and the feed lacks is told")
    func missingColumn() throws {
        let feed = try FeedSample.read("artnr;bezeichnung;foto1\n1;Tasse;a.jpg\n", map: ColumnMapTests.map)

        #expect(
            Set(feed.diagnostics.filter { $0.code == "feed.missing-column" }.compactMap(\.field)) == ["vk", "gruppe"]
        )
    }

    @Test("XML of any kind is read through a mapping that names its items")
    func xml() throws {
        let feed = try FeedSample.read(
            "<catalog><offer><nr>1</nr><name>Cup</name><pic>https://x.example/a.jpg</pic></offer></catalog>",
            map: "map: offers\nitems: [offer]\nidentity: nr\ncolumns: {title: name, image: pic}\n"
        )

        #expect(feed.titles == ["Cup"])
    }

    @Test("mistakes in a mapping are told with their line, all of them, and what was probably meant")
    func mistakes() throws {
        let checked = ColumnMap.read(
            "map: x\nidentiy: slug\ncolumns:\n  titel: name\n  image: [a, [b]]\ngrouping: sideways\n",
            file: "x.yaml"
        )

        #expect(checked.value == nil)
        #expect(
            checked.diagnostics.map(\.code) == [
                "map.unknown-key", "map.unknown-key", "map.value", "map.value", "map.missing", "map.missing",
            ]
        )
        #expect(checked.diagnostics.map(\.line) == [2, 4, 5, 6, nil, nil])
        #expect(checked.diagnostics[0].message == "unknown key `identiy`, did you mean `identity`?")
        #expect(checked.diagnostics[3].message.contains("`above`"))
    }

    @Test(
        "anchors, aliases, broken and huge YAML are refused",
        arguments: ["a: &x 1\nb: *x\n", "map: [", "- list\n", "", "map: " + String(repeating: "x", count: 300_000)]
    )
    func refused(text: String) {
        let checked = ColumnMap.read(text, file: "x.yaml")

        #expect(checked.value == nil)
        #expect(checked.diagnostics.contains { $0.code == "map.syntax" })
    }
}
