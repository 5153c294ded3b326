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

    /// The first usable picture of the product in the merchant's order, with its reference.
    public var main: (image: SourceImage, reference: String)? {
        for source in product.images {
            if let image = images[source.reference] { return (image, source.reference) }
        }
        for variant in product.variants {
            if let own = own(variant) { return own }
        }
        return nil
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
