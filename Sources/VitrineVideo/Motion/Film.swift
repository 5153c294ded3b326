import CFrame
import Foundation
import VitrineCore

/// Camera and light at one moment, as the kernels take it.
package struct Moment: Sendable {
    var values: frame_moment

    /// A camera in plain light.
    init(_ camera: Camera) {
        values = frame_moment()
        values.zoom = camera.zoom
        values.x = camera.x
        values.y = camera.y
        values.yaw = camera.yaw
        values.drift_x = camera.driftX
        values.drift_y = camera.driftY
        values.near = camera.near
        values.turn = camera.turn
        values.swing = camera.swing
        values.ambient = 1
        let dark = frame_glow(x: 0.5, y: 2, radius_x: 1, radius_y: 1, strength: 0, cb: 0, cr: 0)
        (values.key, values.left, values.right, values.shadow) = (dark, dark, dark, dark)
    }
}

/// The whole of a clip as a function of the frame's number: nothing in it depends on what was rendered before.
package struct Film: Sendable {
    let shot: LocalShot
    let subject: Subject
    private let path: CameraPath
    let bars: Float

    /// The film of a shot in its scene.
    package init(_ shot: LocalShot, of scene: Scene) {
        self.init(shot: shot, subject: scene.subject)
    }

    init(shot: LocalShot, subject: Subject) {
        self.shot = shot
        self.subject = subject
        let wanted = Grade.of(shot.look).bars * (shot.size.width > shot.size.height ? 1 : 0.7)
        bars = KeptPart.bars(wanted, over: subject)
        path = CameraPath(shot.motion, seconds: shot.seconds, subject: subject, size: shot.size, bars: bars)
    }

    /// The moment of a frame, counted from 0.
    package func moment(_ index: Int) -> Moment {
        // Where the end leads to the beginning, the frame after the last is the first.
        let last = Camera.loops(shot.motion) ? shot.frames : shot.frames - 1
        let time = Float(index) / Float(max(1, last))
        let camera = path.camera(at: time)
        var moment = Moment(camera)
        light(&moment.values, at: time, camera: camera)
        let grade = Grade.of(shot.look)
        moment.values.grain = grade.grain
        moment.values.bars = bars
        // Grain that changes with every frame boils, and costs more bits than the picture: it stands for two.
        moment.values.grain_seed = UInt32(truncatingIfNeeded: shot.seed ^ UInt64(index * 12 / shot.fps) &* 0x9E37_79B9)
        return moment
    }

    private func light(_ values: inout frame_moment, at time: Float, camera: Camera) {
        let light = Grade.of(shot.look).light
        let phase = Float(shot.seed % 97) / 97
        let isStill = shot.motion == .still
        let travel = isStill ? 1 : Float(0.55)
        let swaying = 0.5 * (isStill ? -cos(2 * Float.pi * time) : sin(2 * Float.pi * time))
        let way = Camera.loops(shot.motion) ? swaying : Camera.ease(time) - 0.5
        let along = 0.5 + way * travel * (phase < 0.5 ? 1 : -1)

        values.ambient = light.ambient
        values.vignette = light.vignette
        values.key = frame_glow(
            x: 0.15 + 0.7 * along,
            y: 0.26 + 0.08 * sin(Float.pi * time) * sin(Float.pi * time),
            radius_x: 0.6,
            radius_y: 0.62,
            strength: light.key + (isStill ? 0.1 : 0),
            cb: 0,
            cr: 0
        )
        if isStill { values.ambient -= 0.085 }
        values.gleam = light.gleam + (isStill ? 0.05 : 0)
        values.gleam_angle = 0.45
        values.gleam_width = light.gleamWidth
        // It comes from outside of the frame, and leaves it.
        let outside = max(0.35, 2.2 * light.gleamWidth)
        values.gleam_position = -outside + (1.34 + 2 * outside) * Camera.ease(time)
        values.left = frame_glow(
            x: 0.02 + 0.1 * sin(2 * Float.pi * (time + phase)),
            y: 0.35,
            radius_x: 0.55,
            radius_y: 0.8,
            strength: 1,
            cb: light.left.x,
            cr: light.left.y
        )
        values.right = frame_glow(
            x: 0.98 + 0.1 * sin(2 * Float.pi * (time + phase) + 1),
            y: 0.65,
            radius_x: 0.55,
            radius_y: 0.8,
            strength: 1,
            cb: light.right.x,
            cr: light.right.y
        )
        switch shot.motion {
        case .reveal: reveal(&values, at: time)
        case .float: shade(&values, camera: camera)
        default: break
        }
    }

    /// The light comes up from the side, and a soft edge of it passes over the picture.
    private func reveal(_ values: inout frame_moment, at time: Float) {
        let risen = Camera.ease(min(1, time / 0.72))
        values.ambient *= 0.52 + 0.48 * risen
        values.key.strength = values.key.strength * risen + 0.42 * (1 - risen) * (0.35 + 0.65 * risen)
        values.key.x = 0.08 + 0.5 * risen
        values.key.radius_x = 0.34 + 0.3 * risen
        values.gleam += 0.16 * sin(Float.pi * risen)
        values.gleam_position = -0.25 + 1.7 * risen
        values.gleam_width = 0.2
        values.vignette = min(0.6, values.vignette + 0.3 * (1 - risen))
    }

    /// What hovers throws a shadow that grows wide and pale as it rises.
    private func shade(_ values: inout frame_moment, camera: Camera) {
        guard subject.standsApart else { return }
        let height = -camera.driftY / 0.034
        let width = (subject.right - subject.left) / 2 * camera.zoom
        let shorter = Float(shot.size.shortSide)
        let foot = (subject.bottom - 0.5 - camera.y) * camera.zoom + 0.5
        let middle = ((subject.left + subject.right) / 2 - 0.5 - camera.x) * camera.zoom + 0.5
        values.shadow = frame_glow(
            x: middle,
            y: min(0.985, foot + 0.018 * shorter / Float(shot.size.height)),
            radius_x: width * (0.6 + 0.16 * height),
            radius_y: (0.026 + 0.02 * height) * shorter / Float(shot.size.height),
            strength: 0.24 - 0.11 * height,
            cb: 0,
            cr: 0
        )
    }
}
