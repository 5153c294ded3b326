import CFrame
package import VitrineCore
package import VitrineImaging

/// A graded picture that can be filmed, by one thread at a time.
package final class Scene: Sendable {
    // The kernels write to the scene's own rows while they render; ClipRenderer asks for one frame after the other.
    private nonisolated(unsafe) let scene: OpaquePointer

    /// The bytes of one frame.
    package let frameBytes: Int
    /// What stands in the picture.
    let subject: Subject

    /// A scene of an opaque picture, in which product and ground move apart where that motion asks for it and the product may;
    /// nil when there is no memory for it or its size cannot be rendered.
    package convenience init?(of picture: Bitmap, look: Look, motion: Motion, seed: UInt64) {
        self.init(of: picture, grade: Grade.of(look), motion: motion, seed: seed)
    }

    /// The same with a grade of one's own.
    init?(of picture: Bitmap, grade: Grade, motion: Motion, seed: UInt64) {
        guard LocalShot.allows(picture.size) else { return nil }
        let cutout = Cutout(of: picture)
        let subject = Subject(cutout)
        var values = grade.values
        let made = picture.pixels.withUnsafeBufferPointer { pixels in
            cutout.matte.withUnsafeBufferPointer { matte in
                var source = frame_source()
                source.rgba = pixels.baseAddress
                source.matte = subject.isClear ? matte.baseAddress : nil
                source.width = Int32(picture.size.width)
                source.height = Int32(picture.size.height)
                source.subject = frame_subject(
                    left: subject.left,
                    top: subject.top,
                    right: subject.right,
                    bottom: subject.bottom
                )
                source.is_apart = subject.standsApart && Camera.movesApart(motion) ? 1 : 0
                source.is_tinted = grade.light.isTinted ? 1 : 0
                source.seed = seed
                return frame_scene_make(&source, &values)
            }
        }
        guard let made else { return nil }
        scene = made
        frameBytes = frame_bytes(made)
        self.subject = subject
    }

    deinit {
        frame_scene_free(scene)
    }

    /// Writes the frame of a moment: yuv420p in limited range, its planes behind each other.
    package func render(_ moment: Moment, into buffer: FrameBuffer) {
        precondition(buffer.bytes.count >= frameBytes, "a frame fits its buffer")
        var values = moment.values
        frame_render(scene, &values, buffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }

    /// The same frame by kernels of no more than `most` pixels at once, 1, 16 or 32: what the fast ones are compared with.
    func render(_ moment: Moment, into buffer: FrameBuffer, atOnce most: Int) {
        precondition(buffer.bytes.count >= frameBytes, "a frame fits its buffer")
        var values = moment.values
        frame_render_by(scene, &values, buffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(most))
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
package struct Subject: Hashable, Sendable {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float
    var centreX: Float
    var centreY: Float
    /// Whether it was told from its ground.
    var isClear: Bool
    /// Whether that is so sure that it may leave its place: a box is right sooner than a matte.
    var standsApart: Bool

    /// What a cutout found; where it is not sure, the middle of the picture.
    init(_ cutout: Cutout) {
        isClear = cutout.isSure
        standsApart = cutout.isSure && cutout.certainty >= 0.75
        let box = cutout.box
        left = isClear ? box.left : 0.22
        top = isClear ? box.top : 0.22
        right = isClear ? box.right : 0.78
        bottom = isClear ? box.bottom : 0.78
        centreX = isClear ? box.middleX : 0.5
        centreY = isClear ? box.middleY : 0.5
    }
}

/// Memory for one frame, used again and again.
package final class FrameBuffer: Sendable {
    // One side writes, then the other reads: ClipRenderer never hands it to both at once.
    package nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    /// Memory for that many bytes.
    package init(count: Int) {
        bytes = .allocate(byteCount: count, alignment: 64)
    }

    deinit {
        bytes.deallocate()
    }
}
