public import VitrineCore

/// What a preset would do for a product, as the API prints it.
public struct PresetPreview: Encodable, Sendable {
    /// The first frame of one shape.
    public struct Frame: Hashable, Encodable, Sendable {
        /// The shape.
        public var placement: Placement
        /// The file.
        public var digest: Digest
    }

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
    /// The first frame of each shape.
    public var frames: [Frame] = []
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
