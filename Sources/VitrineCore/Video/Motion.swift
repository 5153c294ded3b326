/// How the camera, or the product, moves.
public enum Motion: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing moves but the light.
    case still
    /// The camera comes closer.
    case pushIn = "push-in"
    /// The camera goes back.
    case pullOut = "pull-out"
    /// The camera goes around.
    case orbit
    /// The camera looks to the left.
    case panLeft = "pan-left"
    /// The camera looks to the right.
    case panRight = "pan-right"
    /// The camera looks up.
    case tiltUp = "tilt-up"
    /// The camera looks down.
    case tiltDown = "tilt-down"
    /// The product hovers.
    case float
    /// The product comes out of the dark.
    case reveal
    /// Foreground and background move apart.
    case parallax
    /// The product turns.
    case turntable
}

/// What a picture goes through before its colours reach the viewer, in the local renderer.
public enum Look: String, Hashable, Sendable, Codable, CaseIterable {
    /// Clean, even, neutral.
    case studio
    /// Bright and crisp.
    case commercial
    /// Deep contrast, teal shadows, wide bars of light.
    case cinematic
    /// Natural and quiet.
    case documentary
    /// Cool highlights, glossy contrast.
    case fashion
    /// Black and white, hard light.
    case noir
    /// Faded, warm, grained.
    case vintageFilm = "vintage-film"
    /// Soft and light.
    case pastel
    /// Night with coloured light.
    case neon
    /// Low warm sun.
    case goldenHour = "golden-hour"
    /// Open midday shade.
    case daylight
    /// Dark, rich, with a slow gleam.
    case luxe
    /// Almost white, almost still.
    case minimal
    /// Flat and dry.
    case matte
    /// Strong colours.
    case vivid
    /// Blue edges and clean blacks.
    case coolTech = "cool-tech"
    /// Lamp light.
    case warmHome = "warm-home"
    /// Glow and bloom.
    case dreamy
}
