public import VitrineCore

/// What a preset would do for a product, as the API prints it.
public struct PresetPreview: Encodable, Sendable {
    /// The preset.
    public var preset: String
    /// Whether the product gets it by itself.
    public var matches: Bool
    /// Why the product gets the preset that it gets.
    public var because: String
    /// What would be asked of each provider, with prompt and price.
    public var requests: [PlanRowReport] = []
    /// The first frame's file.
    public var frame: Digest?
    /// How many products were looked at.
    public var looked = 0
    /// How many of them get it.
    public var taken = 0
    /// Some of these.
    public var sample: [ProductID] = []
    /// What is wrong with it.
    public var diagnostics: [Diagnostic]

    init(preset: String, matches: Bool, because: String, diagnostics: [Diagnostic]) {
        self.preset = preset
        self.matches = matches
        self.because = because
        self.diagnostics = diagnostics
    }
}
