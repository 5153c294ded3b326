import CFrame
import VitrineCore

/// A graded picture that can be filmed, by one thread at a time.
final class Scene: Sendable {
    // The kernels write to the scene's own rows while they render; ClipRenderer asks for one frame after the other.
    private nonisolated(unsafe) let scene: OpaquePointer

    /// The bytes of one frame.
    let frameBytes: Int
    /// What stands in the picture.
    let subject: Subject

    /// A scene from packed RGB; nil when there is no memory for it or the bytes do not make that size.
    init?(rgb: [UInt8], size: PixelSize, grade: Grade, seed: UInt64) {
        guard LocalShot.allows(size), rgb.count == size.area * 3 else { return nil }
        var values = grade.values
        let made = rgb.withUnsafeBufferPointer { pixels in
            frame_scene_make(pixels.baseAddress, Int32(size.width), Int32(size.height), &values, seed)
        }
        guard let made else { return nil }
        scene = made
        frameBytes = frame_bytes(made)
        subject = Subject(frame_scene_subject(made))
    }

    deinit {
        frame_scene_free(scene)
    }

    /// Writes the frame of a moment.
    func render(_ moment: Moment, into buffer: FrameBuffer) {
        precondition(buffer.bytes.count >= frameBytes, "a frame fits its buffer")
        var values = moment.values
        frame_render(scene, &values, buffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }

    /// How many pixels the camera looks past the picture's edge at a moment.
    func overrun(_ moment: Moment) -> Float {
        var values = moment.values
        return frame_overrun(scene, &values)
    }

    /// Y, Cb and Cr of the graded picture at a place in pixels, full range.
    func sample(x: Float, y: Float) -> SIMD3<Float> {
        var colour: (Float, Float, Float) = (0, 0, 0)
        withUnsafeMutableBytes(of: &colour) { bytes in
            frame_sample(scene, x, y, bytes.baseAddress?.assumingMemoryBound(to: Float.self))
        }
        return SIMD3(colour.0, colour.1, colour.2)
    }
}

/// What stands in a picture, in fractions of it.
struct Subject: Hashable, Sendable {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float
    var centreX: Float
    var centreY: Float
    /// Whether it was told from its ground.
    var isClear: Bool

    init(_ subject: frame_subject) {
        left = subject.left
        top = subject.top
        right = subject.right
        bottom = subject.bottom
        centreX = subject.centre_x
        centreY = subject.centre_y
        isClear = subject.confidence >= 0.5
    }
}

/// Memory for one frame, used again and again.
final class FrameBuffer: Sendable {
    // One side writes, then the other reads: ClipRenderer never hands it to both at once.
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init(count: Int) {
        bytes = .allocate(byteCount: count, alignment: 64)
    }

    deinit {
        bytes.deallocate()
    }
}
