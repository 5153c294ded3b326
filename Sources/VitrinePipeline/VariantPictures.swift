public import VitrineCore

/// Which variants a picture shows, and which pictures deserve a video of their own.
public struct VariantPictures: Sendable {
    let product: Product
    let images: [String: SourceImage]

    /// The variants of a product, with its usable pictures by their reference in the feed.
    public init(product: Product, images: [String: SourceImage]) {
        self.product = product
        self.images = images
    }

    /// The picture that stands for the product, with its reference: the first usable one in the merchant's order, or the first
    /// one without a remark where that has one.
    public var main: (image: SourceImage, reference: String)? { main(madeFrom: [], wantingOne: false) }

    /// The same, but a picture that takes were made from stays, whatever is remarked today: what has not changed is not made again.
    ///
    /// Where one product alone is wanted, one that shows several gives way, too.
    func main(madeFrom made: Set<Digest>, wantingOne: Bool) -> (image: SourceImage, reference: String)? {
        guard let first = inOrder.first, !made.contains(first.image.digest) else { return inOrder.first }
        return inOrder.first { $0.image.objections(wantingOne: wantingOne).isEmpty }
            ?? inOrder.first { $0.image.objections(wantingOne: false).isEmpty } ?? first
    }

    /// Why the merchant's first picture is not the one that stands for the product; nil where it is.
    func passedOver(for reference: String, wantingOne: Bool) -> String? {
        guard let first = inOrder.first, first.reference != reference,
            let remark = first.image.objections(wantingOne: wantingOne).first
        else { return nil }
        return "picture `\(reference)` instead of `\(first.reference)`, which \(remark.words)"
    }

    /// The usable pictures in the merchant's order: the product's, or where it has none, its variants'.
    private var inOrder: [(image: SourceImage, reference: String)] {
        let own = product.images.compactMap { source in images[source.reference].map { ($0, source.reference) } }
        return own.isEmpty ? product.variants.compactMap { self.own($0) } : own
    }

    /// The variant's own picture, with its reference.
    public func own(_ variant: Variant) -> (image: SourceImage, reference: String)? {
        guard let reference = variant.image?.reference, let image = images[reference] else { return nil }
        return (image, reference)
    }

    /// The variants that a video of this picture shows: those whose own picture it is, and those that have none and
    /// no colour-like option.
    ///
    /// When nobody has a picture of their own, all of them; the others are siblings.
    public func shown(by picture: SourceImage) -> [Variant] {
        let withPicture = product.variants.filter { own($0) != nil }
        if withPicture.isEmpty {
            let colors = Set(product.variants.compactMap { $0.color?.lowercased() })
            return colors.count <= 1 ? product.variants : sameColor(as: product.variants.first)
        }
        return product.variants.filter { variant in
            if let own = own(variant) { return own.image.shows(picture) }
            return variant.color == nil
        }
    }

    /// Variants whose own picture truly differs from the main one, one for each such picture.
    public var deservingOwnSlot: [Variant] {
        guard let main else { return [] }
        var seen = [main.image]
        return product.variants.filter { variant in
            guard let own = own(variant)?.image, !seen.contains(where: { $0.shows(own) }) else { return false }
            seen.append(own)
            return true
        }
    }

    private func sameColor(as first: Variant?) -> [Variant] {
        guard let color = first?.color?.lowercased() else { return product.variants }
        return product.variants.filter { $0.color == nil || $0.color?.lowercased() == color }
    }
}
