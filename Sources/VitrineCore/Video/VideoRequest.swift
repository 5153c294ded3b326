/// Everything that decides how one video looks, resolved: no name of a preset, no price, no version of ours.
public struct VideoRequest: Hashable, Sendable, Codable {
    /// A style as a preset resolved it.
    public struct Style: Hashable, Sendable, Codable {
        /// The words it adds to the prompt.
        public var words: String
        /// The value for providers that have a style parameter.
        public var tag: String?
        /// The local renderer's look.
        public var look: Look

        /// A resolved style.
        public init(words: String, tag: String?, look: Look) {
            self.words = words
            self.tag = tag
            self.look = look
        }
    }

    /// What is to be heard.
    public struct Sound: Hashable, Sendable, Codable {
        /// Whether the model makes sound.
        public var isOn: Bool
        /// The sound of the place.
        public var ambient: String?
        /// What is said.
        public var voice: String?
        /// The language it is said in.
        public var language: String?

        /// A wish for sound.
        public init(isOn: Bool = false, ambient: String? = nil, voice: String? = nil, language: String? = nil) {
            self.isOn = isOn
            self.ambient = ambient
            self.voice = voice
            self.language = language
        }
    }

    /// One of several pieces that follow each other.
    public struct Shot: Hashable, Sendable, Codable {
        /// What a shot begins from.
        public enum Beginning: String, Hashable, Sendable, Codable, CaseIterable {
            /// The first frame of the request.
            case picture
            /// The last frame of the shot before.
            case previous
            /// Words alone.
            case text
        }

        /// How a shot follows the one before.
        public enum Join: String, Hashable, Sendable, Codable, CaseIterable {
            /// At once.
            case cut
            /// Over half a second in which both are seen.
            case fade

            /// How long both are seen and heard.
            public var seconds: Double { self == .fade ? 0.5 : 0 }
        }

        /// What it begins from.
        public var from: Beginning
        /// Its own prompt.
        public var prompt: String
        /// Its own motion.
        public var motion: Motion
        /// Its own length.
        public var seconds: Double

        /// One shot.
        public init(from: Beginning, prompt: String, motion: Motion, seconds: Double) {
            self.from = from
            self.prompt = prompt
            self.motion = motion
            self.seconds = seconds
        }
    }

    /// The place it fills.
    public var slot: Slot
    /// The source pictures; the first one becomes the first frame, the others are references.
    public var pictures: [Digest]
    /// How the first frame is composed.
    public var frame: FrameRecipe
    /// What the model is told.
    public var prompt: String
    /// What the model is told to avoid.
    public var avoid: String
    /// The style.
    public var style: Style
    /// The motion.
    public var motion: Motion
    /// Length in seconds.
    public var seconds: Double
    /// Frames a second.
    public var fps: Int
    /// What is to be heard.
    public var sound: Sound
    /// The seed of everything random.
    public var seed: UInt64
    /// Who makes it.
    public var provider: ProviderID
    /// The provider's model.
    public var model: String
    /// The model's mode.
    public var mode: String?
    /// Draft or final.
    public var tier: Tier
    /// The shots, if there are several.
    public var shots: [Shot]
    /// Logo, text, end card and music by their canonical names: what is put over the clip afterwards, for free.
    public var finish: [String: String]

    /// A resolved request.
    public init(
        slot: Slot,
        pictures: [Digest],
        frame: FrameRecipe,
        prompt: String,
        avoid: String,
        style: Style,
        motion: Motion,
        seconds: Double,
        fps: Int,
        sound: Sound = Sound(),
        seed: UInt64,
        provider: ProviderID,
        model: String,
        mode: String? = nil,
        tier: Tier,
        shots: [Shot] = [],
        finish: [String: String] = [:]
    ) {
        self.slot = slot
        self.pictures = pictures
        self.frame = frame
        self.prompt = prompt
        self.avoid = avoid
        self.style = style
        self.motion = motion
        self.seconds = seconds
        self.fps = fps
        self.sound = sound
        self.seed = seed
        self.provider = provider
        self.model = model
        self.mode = mode
        self.tier = tier
        self.shots = shots
        self.finish = finish
    }

    /// The frame size of the video.
    public var size: PixelSize { frame.size }

    /// The identity of the paid work: equal exactly when a model would be asked for the same thing.
    public var fingerprint: Fingerprint {
        var text = CanonicalText("vitrine.request.1")
        for picture in pictures { text.write("picture", picture.hexadecimal) }
        text.write("placement", frame.placement.rawValue)
        text.write("short-side", frame.shortSide)
        text.write("fit", frame.fit.rawValue)
        text.write("background", frame.background.description)
        text.write("product-size", thousandths: frame.productSize)
        text.write("prompt", prompt)
        text.write("avoid", avoid)
        text.write("style-words", style.words)
        text.write("style-tag", style.tag)
        text.write("look", style.look.rawValue)
        text.write("motion", motion.rawValue)
        text.write("seconds", thousandths: seconds)
        text.write("fps", fps)
        text.write("sound", sound.isOn ? "on" : "off")
        text.write("ambient", sound.ambient)
        text.write("voice", sound.voice)
        text.write("language", sound.language)
        text.write("seed", seed)
        text.write("provider", provider.rawValue)
        text.write("model", model)
        text.write("mode", mode)
        text.write("tier", tier.rawValue)
        for shot in shots {
            text.write("shot-from", shot.from.rawValue)
            text.write("shot-prompt", shot.prompt)
            text.write("shot-motion", shot.motion.rawValue)
            text.write("shot-seconds", thousandths: shot.seconds)
        }
        return Fingerprint(rawValue: text.digest.hexadecimal)
    }

    /// How each shot but the first follows the one before.
    ///
    /// It stands among what is put over the clip, since a change makes nothing again but the whole.
    public var joins: [Shot.Join] {
        let words = (finish["joins"] ?? "").split(separator: " ").map { Shot.Join(rawValue: String($0)) ?? .cut }
        return shots.dropFirst().indices.map { words.indices.contains($0 - 1) ? words[$0 - 1] : .cut }
    }

    /// How long the finished video is: all its shots, less what two of them share.
    public var length: Double {
        guard !shots.isEmpty else { return seconds }
        return shots.reduce(0) { $0 + $1.seconds } - joins.reduce(0) { $0 + $1.seconds }
    }

    /// The files that are put over the clip: a finish names them `<digest>.<kind>`.
    public var finishFiles: [Digest] {
        finish.values.compactMap { value in
            let parts = value.split(separator: ".")
            return parts.count == 2 ? Digest(hexadecimal: String(parts[0])) : nil
        }
    }

    /// The identity of what is put over the clip; a change here alone costs nothing.
    public var finishFingerprint: Fingerprint {
        var text = CanonicalText("vitrine.finish.1")
        for (name, value) in finish.sorted(by: { $0.key < $1.key }) { text.write(name, value) }
        return Fingerprint(rawValue: text.digest.hexadecimal)
    }
}

/// The SHA-256 of a canonical encoding of a request, in hexadecimal.
public struct Fingerprint: Named {
    /// The digits.
    public let rawValue: String
    /// Digits written earlier.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// Which preset a request came from: kept beside a request, never in its fingerprint.
public struct PresetUse: Hashable, Sendable, Codable {
    /// The preset's name.
    public var name: String
    /// The digest of its resolved contents.
    public var version: String

    /// A preset in one version.
    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}
