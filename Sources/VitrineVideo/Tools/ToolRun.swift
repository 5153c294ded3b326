import Foundation
import Subprocess
import VitrineCore

/// What a program may use before it is stopped.
struct ToolLimits: Hashable, Sendable {
    /// Seconds of processor time.
    var processor: Int
    /// Seconds of the wall clock.
    var clock: Int
    /// Bytes of address space.
    var memory: Int
    /// Bytes of any one file that it writes.
    var file: Int

    /// For questions that are answered at once.
    static let quick = ToolLimits(processor: 20, clock: 60, memory: 4 << 30, file: 64 << 20)
    /// For reading and judging a clip that others made.
    static let judging = ToolLimits(processor: 240, clock: 400, memory: 4 << 30, file: 2 << 30)
    /// For encoding a clip.
    static let encoding = ToolLimits(processor: 900, clock: 1200, memory: 6 << 30, file: 2 << 30)
}

/// How a program ended, and what it gave.
struct ToolOutcome: Sendable {
    enum Ending: Hashable, Sendable {
        case well
        case badly
        case stopped
    }

    var ended: Ending
    var output: [UInt8]
    /// The last of what it complained; for decisions, never for people.
    var complaint: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var isDiskFull: Bool { complaint.contains("No space left on device") || complaint.contains("Disk quota") }
}

/// Runs ffmpeg and its kin: no shell, no inherited environment, bounded in time, memory and bytes, giving way to all others, stopped with its task.
struct ToolRun: Sendable {
    var tools: VideoTools
    var limits: ToolLimits

    /// Runs a program to its end.
    ///
    /// It stands in `folder`, so that filters may name files without a path. `feed` writes its standard input; without it the input is empty.
    /// Output beyond the limit is dropped. Throws `missing` if the program cannot be begun, and when the task is cancelled.
    func run(
        _ program: String,
        _ arguments: [String],
        in folder: String? = nil,
        outputLimit: Int = 0,
        feed: (@Sendable (StandardInputWriter) async throws -> Void)? = nil
    ) async throws(ProviderError) -> ToolOutcome {
        _ = ToolRun.brokenPipesAreErrors
        if Task.isCancelled { throw .interrupted }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        do {
            let result = try await Subprocess.run(
                .name("prlimit"),
                arguments: Arguments(
                    bounds + processors + (folder.map { ["env", "--chdir=" + $0] } ?? []) + [program] + arguments
                ),
                environment: .custom(variables),
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { child in
                try await withThrowingTaskGroup(of: Part.self) { group in
                    group.addTask { .output(try await ToolRun.collect(child.standardOutput, first: outputLimit)) }
                    group.addTask { .complaint(try await ToolRun.collect(child.standardError, last: 4096)) }
                    // A program that ends early breaks the pipe; what it has to say about that is read all the same.
                    var trouble: (any Error)?
                    do { try await feed?(child.standardInputWriter) } catch { trouble = error }
                    do { try await child.standardInputWriter.finish() } catch { trouble = trouble ?? error }
                    var collected = Collected(trouble: trouble)
                    for try await part in group {
                        switch part {
                        case .output(let bytes): collected.output = bytes
                        case .complaint(let bytes): collected.complaint = bytes
                        }
                    }
                    return collected
                }
            }
            if Task.isCancelled { throw ProviderError.interrupted }
            let collected = result.closureResult
            if let trouble = collected.trouble, !(trouble is SubprocessError) { throw trouble }
            let ending: ToolOutcome.Ending =
                switch result.terminationStatus {
                case .exited(0): .well
                case .exited(124), .exited(137), .signaled: .stopped
                default: .badly
                }
            return ToolOutcome(
                ended: ending,
                output: collected.output,
                complaint: String(decoding: collected.complaint, as: UTF8.self)
            )
        } catch let error as ProviderError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw VideoToolsProblem("`prlimit` was not found", remedy: "sudo apt-get install util-linux")
                .asProviderError
        } catch is CancellationError {
            throw .interrupted
        } catch {
            throw ProviderError(JobFailure(.fault, "`\(program)` could not be run"), isPassing: true)
        }
    }

    private var bounds: [String] {
        [
            "--cpu=\(limits.processor)", "--as=\(limits.memory)", "--fsize=\(limits.file)", "--core=0", "nice",
            "-n", "10", "timeout", "--kill-after=2", "\(limits.clock)",
        ]
    }

    private var processors: [String] { tools.share?.left.map { ["taskset", "--cpu-list", $0] } ?? [] }

    private var variables: [Subprocess.Environment.Key: String] {
        ["PATH": tools.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C"]
    }

    private enum Part: Sendable {
        case output([UInt8])
        case complaint([UInt8])
    }

    private struct Collected: Sendable {
        var trouble: (any Error)?
        var output: [UInt8] = []
        var complaint: [UInt8] = []
    }

    private static func collect(_ pieces: SubprocessOutputSequence, first limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in pieces where bytes.count < limit {
            piece.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(limit - bytes.count)) }
        }
        return bytes
    }

    private static func collect(_ pieces: SubprocessOutputSequence, last limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in pieces {
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
            if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
        }
        return bytes.suffix(limit)
    }

    /// Without this, writing to a program that has ended would end us.
    private static let brokenPipesAreErrors: Void = {
        signal(SIGPIPE, SIG_IGN)
    }()
}

extension String {
    /// It as the name of a local file for ffmpeg, whatever characters it begins with.
    var asFileAddress: String { "file:" + self }
}
