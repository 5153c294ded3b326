import Foundation
import VitrineCore

/// Where the camera stands, and where the subject stands against its ground, at one moment.
struct Camera: Hashable, Sendable {
    /// How many times the picture is enlarged.
    var zoom: Float = 1.05
    /// Where it looks, in fractions of the picture away from the middle.
    var x: Float = 0
    var y: Float = 0
    /// Radians.
    var roll: Float = 0
    var yaw: Float = 0
    var pitch: Float = 0
    /// The subject against its ground, in fractions of the short side.
    var driftX: Float = 0
    var driftY: Float = 0
    /// How far the near middle of the subject has turned against its rim.
    var turn: Float = 0
    /// The subject as a card turned about its upright middle line, in radians.
    var swing: Float = 0

    /// The camera of a motion at `time` in 0...1 of a clip of that many seconds.
    static func of(_ motion: Motion, at time: Float, seconds: Double, subject: Subject) -> Camera {
        let eased = ease(time)
        let swaying = cos(2 * Float.pi * time)
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
        case .orbit:
            let side = eased * 2 - 1
            camera.zoom = 1.16 + 0.02 * (1 - side * side)
            camera.yaw = 0.09 * side
            camera.x = -0.012 * side
            camera.driftX = 0.016 * side
            camera.turn = -0.05 * side
            camera.swing = 0.07 * side
            camera.pitch = 0.018 * (1 - side * side)
        case .panLeft, .panRight:
            let side = (eased * 2 - 1) * (motion == .panLeft ? -1 : 1)
            let reach = camera.reach(subject.isClear ? max(0.5 - subject.left, subject.right - 0.5) : 0)
            camera.x = reach * side
        case .tiltUp, .tiltDown:
            let side = (eased * 2 - 1) * (motion == .tiltUp ? -1 : 1)
            let reach = camera.reach(subject.isClear ? max(0.5 - subject.top, subject.bottom - 0.5) : 0)
            camera.zoom += 0.01
            camera.y = reach * side
            camera.pitch = 0.012 * side
        case .float:
            let cycles = max(1, (seconds / 3.4).rounded())
            let wave = sin(2 * Float.pi * Float(cycles) * time)
            camera.zoom = 1.06
            camera.driftY = -0.014 - 0.02 * wave
            camera.roll = subject.isClear ? 0 : 0.004 * wave
            camera.y = subject.isClear ? 0 : 0.008 * wave
        case .reveal:
            camera.zoom = between(1.12, 1.03, eased)
            camera.look(at: subject, share: 0.5 * (1 - eased))
        case .parallax:
            let side = eased * 2 - 1
            camera.zoom = between(1.13, 1.17, eased)
            camera.x = 0.034 * side
            camera.driftX = 0.034 * side
            camera.driftY = -0.004 * side
        case .turntable:
            camera.zoom = 1.1
            camera.turn = 0.075 * swaying
            camera.swing = -0.3 * swaying
            camera.yaw = -0.03 * swaying
        }
        if !subject.isClear {
            // Without a subject only the camera may turn: half a room that bends is no room.
            camera.yaw *= 1.5
            camera.turn *= 0.4
            camera.swing *= 0.2
        }
        return camera
    }

    /// Whether a motion comes back to where it began, so that its clip may be shown in a loop.
    static func loops(_ motion: Motion) -> Bool {
        motion == .float || motion == .turntable
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
