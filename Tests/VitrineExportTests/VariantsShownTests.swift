import Testing
import VitrineCore
import VitrineExport

@Suite struct VariantsShownTests {
    private let red = Digest(of: "red")
    private let blue = Digest(of: "blue")

    private func variant(_ key: String, color: String? = nil, image: String? = nil) -> Variant {
        Variant(
            key: key,
            line: 2,
            options: color.map { [Variant.Option(name: "Colour", value: $0)] } ?? [],
            image: image.map { ImageSource(reference: $0, line: 2, field: "Variant Image") }
        )
    }

    private var pictures: [ResolvedPicture] {
        [
            ResolvedPicture(reference: "red.jpg", image: red), ResolvedPicture(reference: "red-again.jpg", image: red),
            ResolvedPicture(reference: "blue.jpg", image: blue), ResolvedPicture(reference: "bad.jpg", image: nil),
        ]
    }

    @Test("a video shows the variants whose own picture is its picture, whatever the picture is called")
    func own() {
        let product = Sample.product(variants: [
            variant("1", color: "Red", image: "red.jpg"), variant("2", color: "Red", image: "red-again.jpg"),
            variant("3", color: "Blue", image: "blue.jpg"), variant("4", color: "Green", image: "bad.jpg"),
        ])

        #expect(product.variantsShown(by: red, pictures: pictures) == ["1", "2"])
        #expect(product.variantsShown(by: blue, pictures: pictures) == ["3"])
    }

    @Test("variants without picture and colour are shown by any video, those of several colours by none")
    func without() {
        let sizes = Sample.product(variants: [
            variant("S"), variant("M"), variant("red", color: "Red", image: "red.jpg"),
        ])
        let colors = Sample.product(variants: [variant("1", color: "Red"), variant("2", color: "Blue"), variant("3")])

        #expect(sizes.variantsShown(by: blue, pictures: pictures) == ["S", "M"])
        #expect(colors.variantsShown(by: red, pictures: pictures) == ["3"])
    }

    @Test("a product of one colour is shown by its video")
    func oneColor() {
        let product = Sample.product(variants: [variant("S", color: "Red"), variant("M", color: "red")])

        #expect(product.variantsShown(by: red, pictures: pictures) == ["S", "M"])
    }
}
