import VitrineCore

/// A take as somebody asks for it in a form.
struct TakeWish {
    var placement: Placement
    var override = SlotOverride()
    /// What it would cost, or why it cannot be made.
    var quote: String?

    /// Reads a form; throws `RequestError` with the field that cannot be understood.
    init(_ form: [String: [String]]) throws(RequestError) {
        func text(_ name: String) -> String? { form[name]?.first?.trimmed.nonEmpty }
        guard let placement = text("placement").flatMap(Placement.init(rawValue:)) else {
            throw RequestError(.invalid, "choose a shape")
        }
        self.placement = placement
        override.preset = text("preset")
        override.prompt = text("prompt")
        guard override.prompt?.utf8.count ?? 1 <= 10_000 else {
            throw RequestError(.invalid, "the prompt may have 10000 bytes at most")
        }
        if let model = text("model") {
            let parts = model.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw RequestError(.invalid, "choose a model of the list") }
            (override.provider, override.model) = (ProviderID(parts[0]), parts[1])
        }
        if let tier = text("tier") {
            guard let tier = Tier(rawValue: tier) else { throw RequestError(.invalid, "choose a draft or a final") }
            override.tier = tier
        }
        if let seed = text("seed") {
            guard let number = UInt64(seed), number < 1 << 53 else {
                throw RequestError(.invalid, "the seed must be a whole number below 2^53")
            }
            override.seed = number
        }
    }
}
