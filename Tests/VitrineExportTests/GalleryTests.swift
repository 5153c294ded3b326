import Foundation
import Testing
import VitrineCore
import VitrineExport

@Suite struct GalleryTests {
    private func page(
        _ products: [ExportedProduct],
        _ summary: Gallery.Summary = Gallery.Summary(title: "Shop")
    ) throws -> String {
        let files = try Gallery().files(for: products, summary: summary)
        guard case .bytes(let bytes)? = files.first(where: { $0.path == "index.html" })?.contents else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a gallery is a page and a copy of each file that it shows, each once")
    func files() throws {
        let product = Sample.product()
        let twin = Sample.product("twin")
        let picture = Sample.picture()
        let video = Sample.video(of: product)
        let products = [
            ExportedProduct(product: product, picture: picture, videos: [video]),
            ExportedProduct(product: twin, picture: picture),
        ]

        let files = try Gallery().files(for: products, summary: Gallery.Summary(title: "Shop"))

        let stem = "videos/trail-runner-3-9x16-\(video.video.clip.file.digest.short)"
        #expect(
            files.dropFirst() == [
                ExportFile(
                    path: "pictures/trail-runner-3-\(picture.digest.short).jpg",
                    contents: .copy(of: "/media/p.jpg")
                ),
                ExportFile(path: stem + ".mp4", contents: .copy(of: "/media/a.mp4")),
                ExportFile(path: stem + ".jpg", contents: .copy(of: "/media/a.jpg")),
            ]
        )
        #expect(files.first?.path == "index.html")
    }

    @Test("the page shows every product, also one without a video, and says why")
    func products() throws {
        let product = Sample.product()
        let bare = Sample.product("bare", title: "Bare")
        let html = try page([
            ExportedProduct(
                product: product,
                picture: Sample.picture(),
                preset: "running-shoes",
                videos: [Sample.video(of: product), Sample.video(of: product, .square)]
            ),
            ExportedProduct(product: bare, note: "image `a.png` is damaged"),
        ])

        #expect(html.components(separatedBy: "<article").count == 3)
        #expect(html.components(separatedBy: "class=\"clip\"").count == 3)
        #expect(html.contains("image &#96;a.png&#96; is damaged"))
        #expect(html.contains("<dd>2</dd>"))
        #expect(html.contains("width=\"1080\" height=\"1920\""))
    }

    @Test(
        "nothing that a feed says becomes markup",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</script><b>",
            "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{338}script>", "{{title}}", "<!--", "a\u{0}<b>", "`${1}`",
        ]
    )
    func escapes(_ evil: String) throws {
        var product = Sample.product(
            title: evil,
            categories: [CategoryPath([evil])],
            variants: [Variant(key: "v1", line: 2, sku: SKU(evil))]
        )
        product.brand = evil
        let exported = ExportedProduct(
            product: product,
            picture: Sample.picture(),
            preset: evil,
            videos: [Sample.video(of: product, prompt: evil, skus: [SKU(evil)])],
            note: evil
        )
        let plain = Sample.product("plain")
        let remark = Diagnostic(.error, "a", field: evil, evil, hint: evil)

        let html = try page(
            [exported, ExportedProduct(product: plain)],
            Gallery.Summary(title: evil, diagnostics: [remark])
        )
        let harmless = try page(
            [
                ExportedProduct(
                    product: Sample.product(title: "x", categories: [CategoryPath(["x"])]),
                    picture: Sample.picture(),
                    preset: "x",
                    videos: [Sample.video(of: product, prompt: "x")]
                ), ExportedProduct(product: plain),
            ],
            Gallery.Summary(title: "x", diagnostics: [Diagnostic(.error, "a", field: "x", "x", hint: "x")])
        )

        #expect(marks(html) == marks(harmless))
        #expect(!html.unicodeScalars.contains("\u{0}"))
    }

    @Test("the page runs only its own script and asks no network")
    func policy() throws {
        let html = try page([ExportedProduct(product: Sample.product(), picture: Sample.picture())])

        #expect(
            html.contains(
                "content=\"default-src &#39;none&#39;; img-src &#39;self&#39; file:; media-src &#39;self&#39; file:;"
            )
        )
        for (name, opening) in [("style", "<style>"), ("script", "<script>")] {
            let parts = html.components(separatedBy: opening)
            #expect(parts.count == 2)
            let text = parts[1].components(separatedBy: "</\(name)>")[0]
            let hash = Digest(of: text).hexadecimal
            let bytes = stride(from: 0, to: 64, by: 2).map { offset in
                UInt8(hash.dropFirst(offset).prefix(2), radix: 16) ?? 0
            }
            #expect(html.contains("sha256-\(Data(bytes).base64EncodedString())"))
        }
        #expect(!html.contains("http://"))
        #expect(!html.contains("https://"))
    }

    @Test("filters list categories and presets with their counts when there is a choice")
    func filters() throws {
        let shoe = Sample.product("a", categories: [CategoryPath("Shoes > Athletic")])
        let bag = Sample.product("b", categories: [CategoryPath("Bags")])

        let one = try page([ExportedProduct(product: shoe, preset: "x")])
        let two = try page([
            ExportedProduct(product: shoe, preset: "x"), ExportedProduct(product: bag, preset: "y"),
            ExportedProduct(product: Sample.product("c", categories: [CategoryPath("Bags")]), preset: "y"),
        ])

        #expect(!one.contains("<select"))
        #expect(two.contains("<option value=\"1\">Bags (2)</option>"))
        #expect(two.contains("<option value=\"2\">Shoes &gt; Athletic (1)</option>"))
        #expect(two.contains("<option value=\"2\">y (2)</option>"))
        #expect(two.contains("data-c=\"2\" data-p=\"1\""))
    }

    @Test("of very many remarks the first are listed, and the rest are counted")
    func remarks() throws {
        let diagnostics = (1...250).map { (line: Int) in Diagnostic(.error, "a", line: line, "row \(line) is bad") }

        let html = try page([], Gallery.Summary(title: "Shop", diagnostics: diagnostics))

        #expect(html.contains("250 remarks"))
        #expect(html.contains("row 200 is bad"))
        #expect(!html.contains("row 201 is bad"))
        #expect(html.contains("The first 200 are listed here."))
    }

    /// The characters of a page that make markup, in order, without the quotation marks of its JSON.
    private func marks(_ html: String) -> String {
        var html = html
        if let start = html.range(of: "id=\"data\">"), let end = html.range(of: "</script>") {
            let data = html[start.upperBound..<end.lowerBound].unicodeScalars.filter { $0 != "\"" }
            html.replaceSubrange(start.upperBound..<end.lowerBound, with: String(String.UnicodeScalarView(data)))
        }
        return String(String.UnicodeScalarView(html.unicodeScalars.filter { "<>\"".unicodeScalars.contains($0) }))
    }
}
