public import VitrineCore

extension Product {
    /// The keys of the variants that a video made from a picture shows.
    ///
    /// They are those whose own picture it is, and those that have no picture of their own, unless the product comes in
    /// several colours. `pictures` tells which picture each reference of the feed turned out to be.
    public func variantsShown(by picture: Digest, pictures: [ResolvedPicture]) -> [String] {
        let known = Dictionary(pictures.map { ($0.reference, $0.image) }) { first, _ in first }
        let colors = Set(variants.compactMap { $0.color?.lowercased() })
        return variants.filter { variant in
            guard let image = variant.image else { return variant.color == nil || colors.count == 1 }
            guard let own = known[image.reference] else { return images.first?.reference == image.reference }
            return own == picture
        }.map(\.key)
    }
}
