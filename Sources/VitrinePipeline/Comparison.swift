import Foundation
public import VitrineCore

/// Takes of different models side by side, and what people thought of them.
///
/// Nothing is routed by it unless a plan is told to be.
public struct Comparison: Sendable {
    /// One slot that several models made.
    public struct Pair: Hashable, Sendable {
        /// The slot.
        public var slot: Slot
        /// The newest take of each model, the oldest model first.
        public var takes: [Video]
    }

    let catalog: any CatalogStore
    let jobs: any JobStore
    let time: TimeSource

    /// A comparison over these stores.
    public init(catalog: any CatalogStore, jobs: any JobStore, time: TimeSource) {
        self.catalog = catalog
        self.jobs = jobs
        self.time = time
    }

    /// The slots that at least two models made, with the newest take of each that its checks let pass.
    public func pairs(feed: FeedName? = nil) async throws -> [Pair] {
        var pairs: [Pair] = []
        var seen = 0
        while true {
            let page = try await jobs.videos(VideoQuery(feed: feed), offset: seen, limit: 1000)
            if page.isEmpty { break }
            seen += page.count
            for video in page where video.state != .quarantined {
                if pairs.last?.slot != video.slot { pairs.append(Pair(slot: video.slot, takes: [])) }
                pairs[pairs.count - 1].takes.removeAll { $0.isOfModel(of: video) }
                pairs[pairs.count - 1].takes.append(video)
            }
        }
        return pairs.filter { $0.takes.count > 1 }
    }

    /// Records that a take is better than the other models' newest takes of its slot; gives back how many it won over.
    public func vote(for id: VideoID) async throws -> Int {
        guard let winner = try await jobs.video(id) else {
            throw PipelineError(
                .notFound,
                "no video `\(id)`",
                hint: "see what there is to compare with `vitrine compare`"
            )
        }
        let pair = try await pairs().first { $0.slot == winner.slot }
        let losers = pair?.takes.filter { !$0.isOfModel(of: winner) } ?? []
        guard !losers.isEmpty else {
            throw PipelineError(
                .conflict,
                "no other model has made a take of that slot",
                hint: "make some with `--provider a,b`"
            )
        }
        try await jobs.vote(losers.map { Vote(winner: id, loser: $0.id, at: time.now()) })
        return losers.count
    }

    /// How often each model won, over all categories and in each, the best first.
    public func standings() async throws -> [ModelStanding] {
        var standings: [String: ModelStanding] = [:]
        var categories: [ProductID: String?] = [:]
        func count(_ video: Video, won: Bool, in category: String?) {
            let key = "\(video.provider) \(video.model) \(category ?? "")"
            var standing =
                standings[key] ?? ModelStanding(provider: video.provider, model: video.model, category: category)
            standing.of += 1
            if won { standing.wins += 1 }
            standings[key] = standing
        }
        for vote in try await jobs.votes() {
            guard let winner = try await jobs.video(vote.winner), let loser = try await jobs.video(vote.loser) else {
                continue
            }
            let product = winner.slot.product
            if categories[product] == nil {
                let path = try await catalog.entry(product)?.product.categories.first
                categories[product] = .some(path?.segments.first)
            }
            for (video, won) in [(winner, true), (loser, false)] {
                count(video, won: won, in: nil)
                if let category = categories[product] ?? nil { count(video, won: won, in: category) }
            }
        }
        return standings.values.sorted { one, other in
            let (left, right) = (one.category ?? "", other.category ?? "")
            if left != right { return left < right }
            let shares = (one.interval.lowerBound, other.interval.lowerBound)
            return shares.0 == shares.1 ? one.model < other.model : shares.0 > shares.1
        }
    }
}

extension Video {
    /// Whether both were made by one model.
    fileprivate func isOfModel(of other: Video) -> Bool { provider == other.provider && model == other.model }
}
