public import VitrineCore

/// What a preset would do for a product, as the API prints it.
public struct PresetPreview: Encodable, Sendable {
    /// The preset.
    var preset: String
    /// Whether the product gets it by itself.
    var matches: Bool
    /// Why the product gets the preset that it gets.
    var because: String
    /// What would be asked of each provider, with prompt and price.
    var requests: [PlanRowReport] = []
    /// The first frame's file.
    public var frame: Digest?
    /// How many products were looked at.
    var looked = 0
    /// How many of them get it.
    var taken = 0
    /// Some of these.
    var sample: [ProductID] = []
    /// What is wrong with it.
    var diagnostics: [Diagnostic]

    init(preset: String, matches: Bool, because: String, diagnostics: [Diagnostic]) {
        self.preset = preset
        self.matches = matches
        self.because = because
        self.diagnostics = diagnostics
    }
}
