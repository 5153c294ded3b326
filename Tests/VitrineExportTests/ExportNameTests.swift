import Testing
import VitrineCore

@testable import VitrineExport

@Suite struct ExportNameTests {
    @Test(
        "a title becomes a plain slug",
        arguments: [
            ("Trail Runner 3", "trail-runner-3"), ("Men's  “Best” Shoe!", "mens-best-shoe"),
            ("Çiçekli Elbise", "cicekli-elbise"),
            ("Größe & Straße", "grosse-strasse"), ("Łódź smørrebrød", "lodz-smorrebrod"),
            ("../../etc/passwd", "etc-passwd"),
            ("", "product"), ("🎁", "product"), ("---", "product"), ("ＡＢＣ", "abc"), ("con\u{0}trol\u{202E}", "con-trol"),
            (
                "a very long title that goes on and on and on until it is cut somewhere",
                "a-very-long-title-that-goes-on-and-on-and-on-unt"
            ),
        ]
    )
    func slugs(_ title: String, _ slug: String) {
        #expect(ExportName.slug(title) == slug)
    }

    @Test("titles in other scripts are written in Latin letters", arguments: ["Кроссовки", "运动鞋", "スニーカー", "نعال"])
    func scripts(_ title: String) {
        let slug = ExportName.slug(title)

        #expect(slug != "product")
        #expect(slug.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    }

    @Test("a video's name has slug, shape and digest, and no SKU")
    func videos() {
        let product = Sample.product(variants: [Variant(key: "v", line: 2, sku: "../../A/B")])
        let video = Sample.video(of: product)

        let name = ExportName.stem(video, of: product)

        #expect(name == "trail-runner-3-9x16-\(video.video.clip.file.digest.short)")
    }

    @Test("a picture's kind never leads out of its folder")
    func pictures() {
        let picture = ExportedFile(
            path: "/p",
            digest: Digest(of: "p"),
            kind: "../sh",
            size: PixelSize(width: 1, height: 1)
        )

        #expect(ExportName.picture(picture, of: Sample.product()) == "trail-runner-3-\(Digest(of: "p").short).bin")
    }
}
