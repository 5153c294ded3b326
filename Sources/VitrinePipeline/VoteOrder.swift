import VitrineCore

/// Puts the providers of a list in order by what people found: who is surely better goes before, and all others stay as they are listed.
///
/// Surely: the whole interval of the one's wins lies above the other's. Votes of the product's own category count where both models
/// have some, else those of all.
struct VoteOrder {
    private let standings: [ModelStanding]
    private let category: String?

    /// An order for products of a category; without standings every list stays as it is.
    init(_ standings: [ModelStanding], category: String?) {
        self.standings = standings
        self.category = category
    }

    /// The list in order; `model` says what each would be asked for.
    func ordered(_ list: [ProviderID], _ model: (ProviderID) -> String?) -> [ProviderID] {
        guard !standings.isEmpty, list.count > 1 else { return list }
        var left = list
        var ordered: [ProviderID] = []
        while !left.isEmpty {
            let next = left.firstIndex { one in
                !left.contains { $0 != one && beats(($0, model($0)), (one, model(one))) }
            }
            ordered.append(left.remove(at: next ?? 0))
        }
        return ordered
    }

    /// Why an offer's provider goes before the first of the list; nil where it does not.
    func why(_ offer: Offer, before first: ProviderID?, _ model: (ProviderID) -> String?) -> String? {
        guard let first, beats((offer.provider, offer.model), (first, model(first))),
            let standing = standing(offer.provider, offer.model, in: category)
                ?? standing(offer.provider, offer.model, in: nil)
        else { return nil }
        let place = standing.category.map { " in `\($0)`" } ?? ""
        return "by votes: `\(offer.provider)` `\(offer.model)` won \(standing.wins) of \(standing.of)\(place)"
    }

    private func beats(_ one: (ProviderID, String?), _ other: (ProviderID, String?)) -> Bool {
        guard let model = one.1, let others = other.1 else { return false }
        for category in [category, nil] {
            guard let mine = standing(one.0, model, in: category), let theirs = standing(other.0, others, in: category)
            else { continue }
            return mine.interval.lowerBound > theirs.interval.upperBound
        }
        return false
    }

    private func standing(_ provider: ProviderID, _ model: String, in category: String?) -> ModelStanding? {
        standings.first { $0.provider == provider && $0.model == model && $0.category == category }
    }
}
