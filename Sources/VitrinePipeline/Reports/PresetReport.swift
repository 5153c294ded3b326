public import VitrineCore
public import VitrinePresets

/// A preset with all that it inherits, as `--json` and the API print it.
public struct PresetReport: Encodable, Sendable {
    /// Its name.
    public var name: String
    /// What people call it.
    public var title: String
    var version: String
    /// The file it stands in.
    public var file: String
    var line: Int
    var weight: Int
    /// The shapes it makes.
    public var placements: [Placement]
    /// How long its videos are.
    public var seconds: Double
    /// How its camera moves.
    public var motion: Motion
    var style: String?
    var prompt: String
    var avoid: String

    /// What is to be told of a preset.
    public init(_ preset: Preset) {
        name = preset.name
        title = preset.title
        version = preset.use.version
        file = preset.file
        line = preset.line
        weight = preset.weight
        placements = preset.frame.placements
        seconds = preset.video.seconds
        motion = preset.video.motion
        style = preset.video.style
        prompt = preset.prompt.text
        avoid = preset.avoid.text
    }
}
