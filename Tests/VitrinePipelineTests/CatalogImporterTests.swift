import Foundation
import Testing
import VitrineCore
import VitrineFeeds
import VitrineImaging
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("A feed becomes the catalogue")
struct CatalogImporterTests {
    static let samples =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/catalog-samples"

    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    func importer(_ transport: any HTTPTransport = ScriptedTransport.none) -> CatalogImporter {
        CatalogImporter(
            catalog: workshop.store,
            media: workshop.media,
            transport: transport,
            pool: BlockingPool(name: "test", width: 2),
            limits: ImageLimits(),
            time: workshop.time.source,
            work: workshop.work.path
        )
    }

    func diagnostics(_ summary: ImportSummary) async throws -> [Diagnostic] {
        try await workshop.store.diagnostics(of: summary.generation.id, offset: 0, limit: 1000)
    }

    @Test("the sample storefront: every product, and one complaint for each picture that cannot be used")
    func storefront() async throws {
        let summary = try await importer().import(.path(Self.samples + "/storefront.csv"), options: ImportOptions())

        #expect(summary.generation.format == "shopify")
        #expect(summary.generation.products == 22)
        let pictures = try await diagnostics(summary).filter { $0.code.hasPrefix("image.") }
        #expect(Set(pictures.map(\.code)) == ["image.too-small", "image.damaged"])
        #expect(pictures.allSatisfy { $0.line != nil && $0.field != nil && $0.product != nil })
        let lamp = try #require(try await workshop.store.entries(ProductQuery(text: "lamp"), offset: 0, limit: 5).first)
        #expect(lamp.pictures.map { $0.image != nil } == [false, true])
    }

    @Test("the same feed again reads no picture a second time, and a changed file again")
    func again() async throws {
        let folder = try TemporaryFolder()
        try Data("id,title,image_link,price,description\n1,Mug,mug.jpg,9 EUR,x\n".utf8)
            .write(to: URL(filePath: folder.path + "/f.csv"))
        let picture = folder.path + "/mug.jpg"
        try FileManager.default.copyItem(atPath: Self.samples + "/images/mug-sage.jpg", toPath: picture)
        let first = try await importer().import(.path(folder.path + "/f.csv"), options: ImportOptions())
        #expect(first.accepted == 1)

        let known = try await workshop.store.knownPictures(at: [try #require(realPath(picture))])
        workshop.time.advance(by: .seconds(60))
        _ = try await importer().import(.path(folder.path + "/f.csv"), options: ImportOptions())
        let later = try await workshop.store.knownPictures(at: [try #require(realPath(picture))])
        #expect(known == later)

        try FileManager.default.removeItem(atPath: picture)
        try FileManager.default.copyItem(atPath: Self.samples + "/images/mug-cobalt.jpg", toPath: picture)
        _ = try await importer().import(.path(folder.path + "/f.csv"), options: ImportOptions())
        let changed = try await workshop.store.knownPictures(at: [try #require(realPath(picture))])
        #expect(changed.values.first?.image?.digest != known.values.first?.image?.digest)
    }

    @Test("pictures by HTTP are asked for with what is known of them, and a dead link is one complaint")
    func http() async throws {
        let bytes = try Data(contentsOf: URL(filePath: Self.samples + "/images/mug-sage.jpg"))
        let transport = ScriptedTransport { (request) throws(TransportError) in
            if request.url.hasSuffix("feed.csv") {
                let feed =
                    "id,title,image_link,price,description\n1,Mug,https://a.example/1.jpg,9 EUR,x\n"
                    + "2,Bowl,https://a.example/2.jpg,9 EUR,x\n"
                return HTTPResponse(status: 200, body: Data(feed.utf8))
            }
            if request.headers["If-None-Match"] == "\"v1\"" { return HTTPResponse(status: 304) }
            if request.url.hasSuffix("1.jpg") {
                return HTTPResponse(status: 200, headers: ["etag": "\"v1\""], body: bytes)
            }
            return HTTPResponse(status: 404)
        }

        let first = try await importer(transport).import(
            .address("https://a.example/feed.csv"),
            options: ImportOptions()
        )
        let second = try await importer(transport).import(
            .address("https://a.example/feed.csv"),
            options: ImportOptions()
        )

        #expect(first.accepted == 1)
        #expect(second.accepted == 1)
        #expect(try await diagnostics(second).map(\.code) == ["image.unreachable"])
        #expect(transport.requests.last { $0.url.hasSuffix("1.jpg") }?.headers["If-None-Match"] == "\"v1\"")
    }

    @Test("a picture that says there is none is warned of, and the next one is looked at")
    func remarks() async throws {
        let folder = try TemporaryFolder()
        try Data("id,title,image_link,additional_image_link,price,description\n1,Mug,none.png,mug.jpg,9 EUR,x\n".utf8)
            .write(to: URL(filePath: folder.path + "/f.csv"))
        let sign = DrawnImages.drawn(PixelSize(width: 400, height: 400)) { x, y in
            (150..<250).contains(x) && (150..<250).contains(y) ? 0xFFB0_B0B0 : 0xFFEE_EEEE
        }
        try DrawnImages.png(sign).write(to: URL(filePath: folder.path + "/none.png"))
        try FileManager.default.copyItem(
            atPath: Self.samples + "/images/mug-sage.jpg",
            toPath: folder.path + "/mug.jpg"
        )

        let summary = try await importer().import(.path(folder.path + "/f.csv"), options: ImportOptions())

        #expect(summary.accepted == 2)
        #expect(summary.refused == 0)
        let found = try #require(try await diagnostics(summary).first { $0.code == "image.placeholder" })
        #expect(found.severity == .warning)
        #expect(found.hint == "picture `mug.jpg` is taken instead")
    }

    @Test("of a picture that shows several products is told, and the next one is looked at")
    func severalProducts() async throws {
        let folder = try TemporaryFolder()
        try Data("id,title,image_link,additional_image_link,price,description\n1,Mug,two.png,mug.jpg,9 EUR,x\n".utf8)
            .write(to: URL(filePath: folder.path + "/f.csv"))
        let two = DrawnImages.drawn(PixelSize(width: 480, height: 400)) { x, y in
            let isMug = ((60..<200).contains(x) || (280..<420).contains(x)) && (120..<280).contains(y)
            return isMug ? 0xFF30_6090 + UInt32((x + y) % 7) : 0xFFF4_F4F2
        }
        try DrawnImages.png(two).write(to: URL(filePath: folder.path + "/two.png"))
        try FileManager.default.copyItem(
            atPath: Self.samples + "/images/mug-sage.jpg",
            toPath: folder.path + "/mug.jpg"
        )

        let summary = try await importer().import(.path(folder.path + "/f.csv"), options: ImportOptions())

        #expect(summary.accepted == 2)
        let found = try #require(try await diagnostics(summary).first { $0.code == "image.several" })
        #expect(found.severity == .note)
        #expect(found.hint == "a preset with `frame: {alone: true}` takes picture `mug.jpg` instead")
    }

    @Test("an import that skips pictures keeps those that were known before")
    func skipping() async throws {
        let path = Self.samples + "/storefront.csv"
        _ = try await importer().import(.path(path), options: ImportOptions())
        var options = ImportOptions()
        options.skipsImages = true

        _ = try await importer().import(.path(path), options: options)

        let entries = try await workshop.store.entries(ProductQuery(), offset: 0, limit: 100)
        #expect(entries.filter { entry in entry.pictures.contains { $0.image != nil } }.count >= 20)
    }

    @Test("a feed that cannot be read leaves the catalogue as it was")
    func unreadable() async throws {
        var options = ImportOptions()
        options.feed = "shop"
        options.skipsImages = true
        _ = try await importer().import(.path(Self.samples + "/storefront.csv"), options: options)
        let folder = try TemporaryFolder()
        try Data("nothing that any shop exports\n1\n2\n".utf8).write(to: URL(filePath: folder.path + "/x.csv"))

        await #expect(throws: FeedError.self) {
            try await importer().import(.path(folder.path + "/x.csv"), options: options)
        }

        #expect(try await workshop.store.feeds().map(\.products) == [22])
    }

    @Test("a SKU of several products is one warning that names the lines")
    func doubledSKU() async throws {
        let folder = try TemporaryFolder()
        let feed = "Handle,Title,Variant SKU,Variant Price,Image Src\na,A,S1,1,\nb,B,S1,1,\n"
        try Data(feed.utf8).write(to: URL(filePath: folder.path + "/x.csv"))

        let summary = try await importer().import(.path(folder.path + "/x.csv"), options: ImportOptions())

        let warning = try #require(try await diagnostics(summary).first { $0.code == "catalog.doubled-sku" })
        #expect(warning.message.contains("2, 3"))
        #expect(summary.generation.products == 2)
    }

    private func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
