public import VitrineCore

/// Where lasting links to a product's videos are made and ended.
public struct LinkDesk: Sendable {
    let jobs: any JobStore
    let links: any LinkStore
    let base: String?
    let time: TimeSource
    let random: RandomSource

    /// A desk over these stores; `base` is where the home is served, without a slash at its end.
    public init(jobs: any JobStore, links: any LinkStore, base: String?, time: TimeSource, random: RandomSource) {
        self.jobs = jobs
        self.links = links
        self.base = base
        self.time = time
        self.random = random
    }

    /// A link to each slot of a product, made where there is none; only of one shape where that is named.
    public func create(to product: ProductID, _ placement: Placement?) async throws -> [LinkReport] {
        let slots = try await slots(of: product, placement)
        let tokens = try await links.links(to: slots, random: random, at: time.now())
        return slots.compactMap { slot in
            guard let path = tokens[slot]?.path(for: slot.placement) else { return nil }
            return LinkReport(
                product: product,
                variant: slot.variant,
                placement: slot.placement,
                path: path,
                url: base.map { $0 + path }
            )
        }
    }

    /// Ends the links to a product's slots, or of one shape; gives back how many ended.
    ///
    /// The next ones have other addresses.
    public func revoke(to product: ProductID, _ placement: Placement?) async throws -> Int {
        var count = 0
        for slot in try await slots(of: product, placement)
        where try await links.revokeLink(to: slot, at: time.now()) { count += 1 }
        return count
    }

    private func slots(of product: ProductID, _ placement: Placement?) async throws -> [Slot] {
        let slots = (try await jobs.slots(of: [product])[product] ?? []).map(\.slot).sorted()
        guard let placement else { return slots }
        return slots.filter { $0.placement == placement }
    }
}

/// A lasting link as people and their programs read it.
public struct LinkReport: Encodable, Sendable {
    /// The product.
    public var product: ProductID
    /// The variant, where the slot is one's own.
    public var variant: String?
    /// The shape.
    public var placement: Placement
    /// The path on the service.
    public var path: String
    /// The whole address, where it is known.
    public var url: String?
}
