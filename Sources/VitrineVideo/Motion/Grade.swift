import CFrame
import VitrineCore

/// What a look does to a picture and to the light on it.
struct Grade: Hashable, Sendable {
    /// The light that a look brings.
    struct Light: Hashable, Sendable {
        /// Multiplies everything.
        var ambient: Float = 0.985
        /// A soft light that wanders.
        var key: Float = 0.035
        /// Taken away in the corners.
        var vignette: Float = 0.05
        /// A band of light that passes over.
        var gleam: Float = 0
        var gleamWidth: Float = 0.13
        /// Tints from the left and from the right, in Cb and Cr.
        var left = SIMD2<Float>(0, 0)
        var right = SIMD2<Float>(0, 0)

        var isTinted: Bool { left != .zero || right != .zero }
    }

    var exposure: Float = 1
    var contrast: Float = 0
    var lift: Float = 0
    var cap: Float = 1
    /// Above 0 is warmer, below cooler, in tenths of full.
    var warmth: Float = 0
    var saturation: Float = 1
    var shadows = SIMD3<Float>(0, 0, 0)
    var highlights = SIMD3<Float>(0, 0, 0)
    var bloom: Float = 0
    /// Multiplies what is far from the product.
    var backdrop: Float = 1
    /// Multiplies the ground behind the product.
    var ground: Float = 1
    /// How much of it reaches the product: its colours are what is sold.
    var share: Float = 0.4
    /// In eight-bit steps.
    var grain: Float = 0
    /// Black above and below, each a fraction of the height.
    var bars: Float = 0
    var light = Light()

    /// The grade of a look.
    static func of(_ look: Look) -> Grade {
        var grade = Grade()
        switch look {
        case .studio:
            grade.contrast = 0.06
            grade.light.vignette = 0.04
        case .commercial:
            grade.exposure = 1.07
            grade.contrast = 0.34
            grade.saturation = 1.14
            grade.highlights = [-0.012, -0.002, 0.02]
            grade.ground = 1.04
            grade.share = 0.12
            grade.light = Light(ambient: 0.99, key: 0.045, vignette: 0, gleam: 0.045)
        case .cinematic:
            grade.contrast = 0.34
            grade.lift = 0.015
            grade.saturation = 0.92
            grade.shadows = [-0.045, 0.012, 0.05]
            grade.highlights = [0.02, -0.012, -0.07]
            grade.backdrop = 0.68
            grade.ground = 0.88
            grade.grain = 0.9
            grade.bars = 0.075
            grade.light = Light(ambient: 0.95, key: 0.09, vignette: 0.24, gleam: 0.06, gleamWidth: 0.22)
        case .documentary:
            grade.contrast = 0.1
            grade.lift = 0.02
            grade.cap = 0.95
            grade.saturation = 0.74
            grade.warmth = 0.15
            grade.shadows = [0, 0.01, -0.012]
            grade.highlights = [0, 0.012, -0.03]
            grade.backdrop = 0.8
            grade.ground = 0.97
            grade.share = 0.08
            grade.grain = 0.9
            grade.light = Light(ambient: 0.975, key: 0.03, vignette: 0.1)
        case .fashion:
            grade.contrast = 0.44
            grade.saturation = 0.9
            grade.warmth = -0.3
            grade.highlights = [-0.035, -0.008, 0.035]
            grade.backdrop = 0.8
            grade.ground = 0.95
            grade.light = Light(ambient: 0.96, key: 0.1, vignette: 0.2, gleam: 0.1, gleamWidth: 0.09)
        case .noir:
            grade.contrast = 0.62
            grade.saturation = 0
            grade.exposure = 0.96
            grade.backdrop = 0.2
            grade.ground = 0.76
            grade.share = 1
            grade.grain = 1.7
            grade.light = Light(ambient: 0.7, key: 0.42, vignette: 0.62)
        case .vintageFilm:
            grade.contrast = -0.18
            grade.lift = 0.075
            grade.cap = 0.92
            grade.saturation = 0.72
            grade.warmth = 0.45
            grade.shadows = [0.03, 0.005, -0.02]
            grade.highlights = [0.02, 0.005, -0.075]
            grade.share = 0.6
            grade.grain = 1.8
            grade.light = Light(ambient: 0.965, key: 0.05, vignette: 0.22)
        case .pastel:
            grade.contrast = -0.34
            grade.lift = 0.14
            grade.exposure = 1.05
            grade.saturation = 0.76
            grade.shadows = [0.02, -0.005, 0.012]
            grade.highlights = [0.035, -0.035, -0.012]
            grade.bloom = 0.08
            grade.light = Light(ambient: 0.99, key: 0.03, vignette: 0)
        case .neon:
            grade.contrast = 0.36
            grade.saturation = 1.22
            grade.backdrop = 0.26
            grade.ground = 0.74
            grade.shadows = [0.015, -0.02, 0.07]
            grade.share = 0.35
            grade.light = Light(
                ambient: 0.8,
                key: 0.24,
                vignette: 0.36,
                left: [0.13, -0.12],
                right: [0.08, 0.15]
            )
        case .goldenHour:
            grade.contrast = 0.12
            grade.warmth = 0.9
            grade.saturation = 1.06
            grade.highlights = [0.03, 0, -0.09]
            grade.bloom = 0.12
            grade.backdrop = 0.9
            grade.share = 0.42
            grade.light = Light(
                ambient: 0.9,
                key: 0.17,
                vignette: 0.16,
                gleam: 0.06,
                gleamWidth: 0.3,
                right: [-0.035, 0.02]
            )
        case .daylight:
            grade.exposure = 1.05
            grade.contrast = 0.08
            grade.warmth = -0.3
            grade.highlights = [-0.03, 0.01, 0.016]
            grade.ground = 1.02
            grade.light = Light(ambient: 0.97, key: 0.11, vignette: 0)
        case .luxe:
            grade.contrast = 0.42
            grade.saturation = 1.02
            grade.warmth = 0.18
            grade.backdrop = 0.2
            grade.ground = 0.7
            grade.highlights = [0.015, 0, -0.03]
            grade.share = 0.35
            grade.light = Light(ambient: 0.72, key: 0.36, vignette: 0.55, gleam: 0.2, gleamWidth: 0.1)
        case .minimal:
            grade.exposure = 1.12
            grade.contrast = -0.16
            grade.lift = 0.08
            grade.saturation = 0.74
            grade.ground = 1.1
            grade.light = Light(ambient: 1.02, key: 0, vignette: 0)
        case .matte:
            grade.contrast = -0.28
            grade.lift = 0.1
            grade.cap = 0.84
            grade.saturation = 0.8
            grade.share = 0.5
            grade.light = Light(ambient: 0.97, key: 0.02, vignette: 0.03)
        case .vivid:
            grade.contrast = 0.42
            grade.saturation = 1.5
            grade.warmth = 0.1
            grade.ground = 0.92
            grade.share = 0.5
            grade.light = Light(ambient: 0.98, key: 0.1, vignette: 0.12, gleam: 0.05)
        case .coolTech:
            grade.contrast = 0.3
            grade.saturation = 0.9
            grade.warmth = -0.55
            grade.backdrop = 0.6
            grade.ground = 0.86
            grade.shadows = [-0.03, 0, 0.06]
            grade.highlights = [-0.05, -0.01, 0.03]
            grade.share = 0.35
            grade.light = Light(
                ambient: 0.93,
                key: 0.1,
                vignette: 0.24,
                gleam: 0.1,
                gleamWidth: 0.07,
                left: [0.05, -0.03],
                right: [0.05, -0.03]
            )
        case .warmHome:
            grade.contrast = 0.04
            grade.warmth = 0.55
            grade.saturation = 0.97
            grade.lift = 0.02
            grade.highlights = [0.015, -0.012, -0.07]
            grade.backdrop = 0.84
            grade.light = Light(ambient: 0.92, key: 0.13, vignette: 0.17)
        case .dreamy:
            grade.contrast = -0.2
            grade.lift = 0.07
            grade.saturation = 0.95
            grade.bloom = 0.4
            grade.shadows = [0.012, -0.012, 0.04]
            grade.highlights = [-0.012, -0.03, 0.035]
            grade.backdrop = 0.94
            grade.share = 0.5
            grade.light = Light(ambient: 0.96, key: 0.1, vignette: 0.12, gleam: 0.07, gleamWidth: 0.35)
        }
        return grade
    }

    /// It as the kernels take it.
    var values: frame_grade {
        frame_grade(
            exposure: exposure,
            contrast: contrast,
            lift: lift,
            cap: cap,
            red: 1 + 0.08 * warmth,
            green: 1 + 0.01 * warmth,
            blue: 1 - 0.1 * warmth,
            saturation: saturation,
            shadows: (shadows.x, shadows.y, shadows.z),
            highlights: (highlights.x, highlights.y, highlights.z),
            bloom: bloom,
            backdrop: backdrop,
            ground: ground,
            share: share
        )
    }
}
