// VitrinePresets: YAML → presets; product → the preset that fits, and why; product and preset → prompt.
// It opens no socket and no file: texts are handed to it, the shipped ones travel inside the program.
// Called by the pipeline's planner and by the commands and pages about presets.

public import VitrineCore

/// How the videos of some products are to look, with everything inherited already in it.
public struct Preset: Hashable, Sendable {
    /// How the first frame is composed.
    public struct Frame: Hashable, Sendable {
        /// The shapes to make, in the order given.
        public var placements: [Placement] = [.square]
        /// How a picture fills a shape that is not its own.
        public var fit: FrameRecipe.Fit = .pad
        /// What stands around a padded picture.
        public var background: FrameRecipe.Background = .auto
        /// The part of the frame that the product takes, 0.2 to 1.
        public var productSize: Double = 0.78
        /// Whether a picture that shows several products gives way to another one.
        public var isAlone = false

        /// The recipe for one of the shapes.
        public func recipe(for placement: Placement, shortSide: Int = 1080) -> FrameRecipe {
            FrameRecipe(
                placement: placement,
                shortSide: shortSide,
                fit: fit,
                background: background,
                productSize: productSize
            )
        }
    }

    /// How long the video is and what happens in it.
    public struct Video: Hashable, Sendable {
        /// Length in seconds, 2 to 30.
        public var seconds: Double = 6
        /// The name of a style of the style book; nil for none.
        public var style: String?
        /// The motion.
        public var motion: Motion = .pushIn
        /// How many more pictures of the product are sent where a model takes them.
        public var references: Int = 0
        /// Frames a second, 24 or 30; nil leaves it to the provider.
        public var fps: Int?
    }

    /// One of several pieces that follow each other.
    public struct Shot: Hashable, Sendable {
        /// What it begins from.
        public var from: VideoRequest.Shot.Beginning
        /// Its prompt; nil for the preset's own.
        public var prompt: PromptTemplate?
        /// Its motion; nil for the preset's own.
        public var motion: Motion?
        /// Its length in seconds; nil for an equal part.
        public var seconds: Double?
        /// Whether it only sets a mood, so that it may be made without the product.
        public var isMood: Bool
        /// How it follows the one before.
        public var join: VideoRequest.Shot.Join = .cut
    }

    /// Prompts in other words: of one language, or for one provider.
    public struct Wording: Hashable, Sendable {
        /// The prompt, if it differs.
        public var prompt: PromptTemplate?
        /// What to avoid, if it differs.
        public var avoid: PromptTemplate?
        /// The style by name, if it differs.
        public var style: String?
    }

    /// Who makes a tier, and how.
    public struct TierSettings: Hashable, Sendable {
        /// The providers in the order in which they are tried.
        public var providers: [ProviderID] = []
        /// The model.
        public var model: String?
        /// The model's mode.
        public var mode: String?
        /// Such as `1080P`, as the preset writes it.
        public var resolution: String?
        /// Whether the model makes sound; nil leaves it to the preset.
        public var soundOn: Bool?

        /// Pixels on the short side that the resolution stands for.
        public var shortSide: Int? { resolution.flatMap { TierSettings.resolutions[$0.uppercased()] } }

        static let resolutions = [
            "480P": 480, "540P": 540, "580P": 580, "720P": 720, "768P": 768, "1080P": 1080, "1440P": 1440, "2K": 1440,
            "4K": 2160, "2160P": 2160,
        ]
    }

    /// Its name, in kebab-case.
    public var name: String
    /// What people call it.
    public var title: String
    /// The preset that it extends.
    public var parent: String?
    /// Which products it is for; nil when it is only used by name.
    public var match: PresetRule?
    /// Decides between presets that match equally well; the heavier wins.
    public var weight: Int = 0
    /// How the first frame is composed.
    public var frame = Frame()
    /// How long the video is and what happens in it.
    public var video = Video()
    /// What is to be heard.
    public var sound = VideoRequest.Sound()
    /// What a model is told.
    public var prompt = PromptTemplate.title
    /// What a model is told to avoid.
    public var avoid = PromptTemplate.empty
    /// What is true of the products where their own data are silent, by variable.
    public var facts: [String: String] = [:]
    /// The pieces, if there are several.
    public var shots: [Shot] = []
    /// What is put over the clip, flat and canonical: equal exactly when the finishing is.
    public var finish: [String: String] = [:]
    /// Other words for other languages, by locale in lower case, such as `zh-cn`.
    public var locales: [String: Wording] = [:]
    /// Locales whose prompt is inherited although the preset's own prompt is not, so that they may tell another story.
    public internal(set) var inheritedLocales: [String] = []
    /// Who makes drafts and finals.
    public var tiers: [Tier: TierSettings] = [:]
    /// Other words for single providers.
    public var providers: [ProviderID: Wording] = [:]
    /// Its own tests.
    public var tests: [PresetTest] = []
    /// The file that it stands in, as the user named it.
    public var file: String
    /// The line where it begins, counted from 1.
    public var line: Int
    /// The digest of everything in it that can change a video or what it is matched to.
    public var version: Digest

    /// Its name and version, as requests remember them.
    public var use: PresetUse { PresetUse(name: name, version: version.short) }

    /// Whether it takes whatever no other preset takes.
    public var isFallback: Bool { match?.isEmpty ?? false }

    /// The settings of a tier; a tier that it does not name is made here, for nothing.
    public func settings(for tier: Tier) -> TierSettings {
        tiers[tier] ?? TierSettings(providers: [.local])
    }
}
