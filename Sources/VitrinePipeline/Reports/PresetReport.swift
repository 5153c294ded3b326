import VitrineCore
public import VitrinePresets

/// A preset with all that it inherits, as `--json` and the API print it.
public struct PresetReport: Encodable, Sendable {
    /// Its name.
    public var name: String
    var title: String
    var version: String
    var file: String
    var line: Int
    var weight: Int
    var placements: [Placement]
    var seconds: Double
    var motion: Motion
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
