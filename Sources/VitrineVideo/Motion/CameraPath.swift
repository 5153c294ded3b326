import VitrineCore

/// The way of the camera through a clip: as its motion has it, calmed down as far as it takes to keep the product whole.
///
/// The product never leaves the frame, and never comes nearer to its edges than a margin; only a side on which the photo itself cuts
/// it may be cut. Where it cannot be told from its ground, the middle of the picture is kept.
struct CameraPath: Sendable {
    let motion: Motion
    let seconds: Double
    let subject: Subject
    /// How far the camera goes: 1 as the motion has it, 0 not at all.
    let share: Float

    /// The way over a first frame of that size, of which black bars take a part above and below.
    init(_ motion: Motion, seconds: Double, subject: Subject, size: PixelSize, bars: Float = 0) {
        self.motion = motion
        self.seconds = seconds
        self.subject = subject
        let kept = KeptPart(subject, size: size, bars: bars)
        let moments = (0...CameraPath.moments).map { index in
            Camera.of(motion, at: Float(index) / Float(CameraPath.moments), seconds: seconds, subject: subject)
        }
        func isWhole(_ share: Float) -> Bool { moments.allSatisfy { kept.isWhole(seenBy: $0.calmed(to: share)) } }
        var (least, most) = (Float(0), Float(1))
        if isWhole(1) {
            least = 1
        } else {
            for _ in 0..<10 {
                let middle = (least + most) / 2
                if isWhole(middle) { least = middle } else { most = middle }
            }
        }
        share = least
    }

    /// The camera at `time` in 0...1.
    func camera(at time: Float) -> Camera {
        Camera.of(motion, at: time, seconds: seconds, subject: subject).calmed(to: share)
    }

    private static let moments = 24
}

extension Camera {
    /// The camera that went that share of its way, away from one that shows the whole picture and stands.
    func calmed(to share: Float) -> Camera {
        guard share < 1 else { return self }
        var camera = Camera()
        camera.zoom = 1.004 + (zoom - 1.004) * share
        camera.x = x * share
        camera.y = y * share
        camera.yaw = yaw * share
        camera.driftX = driftX * share
        camera.driftY = driftY * share
        camera.near = 1 + (near - 1) * share
        camera.turn = turn * share
        camera.swing = swing * share
        return camera
    }
}
