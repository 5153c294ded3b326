import Foundation
import VitrineCore

/// Where the camera stands, and where the product stands against its ground, at one moment.
///
/// Columns of the picture stay columns of the frame: the camera turns to the side, but never rolls and never looks up.
struct Camera: Hashable, Sendable {
    /// How many times the picture is enlarged.
    var zoom: Float = 1.05
    /// Where it looks, in fractions of the picture away from the middle.
    var x: Float = 0
    var y: Float = 0
    /// Radians.
    var yaw: Float = 0
    /// The product against its ground, in fractions of the short side; to the side, the ground above and below it goes along.
    var driftX: Float = 0
    var driftY: Float = 0
    /// How many times larger than its ground the product is seen, about the middle of its foot.
    var near: Float = 1
    /// How far the near middle of the product has turned against its rim.
    var turn: Float = 0
    /// The product as a card turned about its upright middle line, in radians.
    var swing: Float = 0

    /// The camera of a motion at `time` in 0...1 of a clip of that many seconds.
    static func of(_ motion: Motion, at time: Float, seconds: Double, subject: Subject) -> Camera {
        let eased = ease(time)
        let side = eased * 2 - 1
        var camera = Camera()
        switch motion {
        case .still:
            camera.zoom = 1.03
        case .pushIn:
            camera.zoom = between(1.02, 1.24, eased)
            camera.look(at: subject, share: eased)
        case .pullOut:
            camera.zoom = between(1.26, 1.02, eased)
            camera.look(at: subject, share: 1 - eased)
        case .panLeft, .panRight:
            let reach = camera.reach(subject.isClear ? max(0.5 - subject.left, subject.right - 0.5) : 0)
            camera.x = reach * (motion == .panLeft ? -side : side)
        case .tiltUp, .tiltDown:
            let reach = camera.reach(subject.isClear ? max(0.5 - subject.top, subject.bottom - 0.5) : 0)
            camera.y = reach * (motion == .tiltUp ? -side : side)
        case .reveal:
            camera.zoom = between(1.12, 1.03, eased)
            camera.look(at: subject, share: 0.5 * (1 - eased))
        case .orbit, .float, .parallax, .turntable:
            if subject.standsApart {
                camera.moveApart(motion, time: time, seconds: seconds)
            } else {
                camera.moveAlone(motion, time: time, seconds: seconds)
            }
        }
        return camera
    }

    /// Whether a motion moves product and ground apart, where they can be told apart.
    static func movesApart(_ motion: Motion) -> Bool {
        switch motion {
        case .orbit, .float, .parallax, .turntable: true
        case .still, .pushIn, .pullOut, .panLeft, .panRight, .tiltUp, .tiltDown, .reveal: false
        }
    }

    /// Product and ground, each on its way.
    private mutating func moveApart(_ motion: Motion, time: Float, seconds: Double) {
        let eased = Camera.ease(time)
        let side = eased * 2 - 1
        let swaying = cos(2 * Float.pi * time)
        switch motion {
        case .orbit:
            // The product stays where it is and turns; what is behind it passes by.
            zoom = 1.13
            x = -0.04 * side
            driftX = -0.03 * side
            near = 1.03 + 0.02 * (1 - side * side)
            turn = -0.06 * side
            swing = 0.2 * side
        case .parallax:
            zoom = Camera.between(1.12, 1.14, eased)
            x = 0.045 * side
            driftX = 0.06 * side
            near = Camera.between(1, 1.07, eased)
        case .turntable:
            zoom = 1.06
            turn = 0.075 * swaying
            swing = -0.24 * swaying
        default:
            let wave = sin(2 * Float.pi * Camera.cycles(seconds) * time)
            zoom = 1.05
            near = 1.01 + 0.012 * wave
            driftY = -0.02 - 0.02 * wave
        }
    }

    /// The same where nobody can tell them apart: half a room that moves is no room.
    private mutating func moveAlone(_ motion: Motion, time: Float, seconds: Double) {
        let eased = Camera.ease(time)
        let side = eased * 2 - 1
        let swaying = cos(2 * Float.pi * time)
        switch motion {
        case .orbit:
            zoom = 1.17 + 0.02 * (1 - side * side)
            yaw = 0.14 * side
            x = -0.016 * side
        case .parallax:
            zoom = Camera.between(1.1, 1.16, eased)
            x = 0.034 * side
            y = -0.012 * side
        case .turntable:
            zoom = 1.12
            yaw = -0.12 * swaying
            x = 0.012 * swaying
        default:
            let turns = 2 * Float.pi * Camera.cycles(seconds) * time
            zoom = 1.06 + 0.008 * cos(turns)
            y = 0.012 * sin(turns)
        }
    }

    /// How often a product rises and sinks: every three seconds or so.
    private static func cycles(_ seconds: Double) -> Float { Float(max(1, (seconds / 3.4).rounded())) }

    /// Whether a motion comes back to where it began, so that its clip may be shown in a loop.
    static func loops(_ motion: Motion) -> Bool {
        motion == .float || motion == .turntable || motion == .still
    }

    /// A path that sets off and arrives slowly but never stands: a tenth of it goes at an even pace.
    static func ease(_ time: Float) -> Float {
        let t = min(max(time, 0), 1)
        return 0.1 * t + 0.9 * t * t * t * (t * (t * 6 - 15) + 10)
    }

    /// Between two zooms so that every moment enlarges by the same share.
    private static func between(_ first: Float, _ last: Float, _ share: Float) -> Float {
        first * pow(last / first, share)
    }

    /// How far it may look to each side with the subject still in view, if that lies within `half` of the middle; enlarges as
    /// much as that needs.
    private mutating func reach(_ half: Float) -> Float {
        let reach = min(max((0.5 - half) / 2, 0.035), 0.08)
        zoom = 1.01 / (1 - 2 * reach)
        return reach
    }

    /// Turns towards the middle of the subject, as far as the picture allows.
    private mutating func look(at subject: Subject, share: Float) {
        guard subject.isClear else { return }
        let room = (1 - 1 / zoom) / 2 * 0.85
        let wishX = ((subject.left + subject.right) / 2 - 0.5) * share
        let wishY = ((subject.top + subject.bottom) / 2 - 0.5) * share
        x = min(max(wishX, -room), room)
        y = min(max(wishY, -room), room)
    }
}
