import Foundation
import VitrineCore

/// The folder of work in progress: names, locks, and files that are complete or not there.
struct WorkFolder: Sendable {
    /// The files of one job.
    struct Files: Hashable, Sendable {
        var lock: String
        var part: String
        var video: String
    }

    let path: String

    /// The files of the job with that key; a key that is no file name is refused.
    func files(of key: String) throws(ProviderError) -> Files {
        let isName = (1...128).contains(key.utf8.count) && key.utf8.allSatisfy(WorkFolder.isPlain) && key.first != "."
        guard isName else {
            throw ProviderError(JobFailure(.fault, "expected a submission key of letters and digits but got `\(key)`"))
        }
        let stem = path + "/" + key
        return Files(lock: stem + ".lock", part: stem + ".part", video: stem + ".mp4")
    }

    /// The lock of a job, unless somebody else holds it.
    func lock(_ files: Files) throws -> FileLock? {
        try make()
        return try FileLock(path: files.lock)
    }

    /// Makes the folder.
    func make() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Whether there is a file with something in it.
    func hasFile(_ path: String) -> Bool {
        var found = stat()
        return stat(path, &found) == 0 && found.st_size > 0
    }

    /// Removes a file or a folder, if it is there.
    func remove(_ path: String) {
        // What is not there needs no removing, and what stays is swept later.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Removes all files of a job.
    func drop(_ files: Files) {
        remove(files.part)
        remove(files.video)
        remove(files.lock)
    }

    /// A folder of its own for one piece of work.
    func scratch(_ name: String) throws -> String {
        try make()
        var template = Array((path + "/" + name + "-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemTrouble(errno) }
        return String(cString: made)
    }

    /// Removes what was last written before that moment and nobody holds.
    func sweep(before moment: Date) {
        // A folder that cannot be listed has nothing to sweep.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            let item = path + "/" + name
            var found = stat()
            guard stat(item, &found) == 0, Double(found.st_mtim.tv_sec) < moment.timeIntervalSince1970 else { continue }
            if name.hasPrefix("finish-") {
                remove(item)
            } else if name.hasSuffix(".part") || name.hasSuffix(".mp4") || name.hasSuffix(".lock") {
                let stem = item.prefix(upTo: item.lastIndex(of: ".") ?? item.endIndex)
                // A lock that cannot be had belongs to somebody who works.
                guard let lock = try? FileLock(path: stem + ".lock") else { continue }
                remove(item)
                lock.release()
            }
        }
    }

    /// Gives a written file its name: on disk when it returns.
    static func settle(_ part: String, as path: String) throws {
        try synchronize(part)
        guard rename(part, path) == 0 else { throw SystemTrouble(errno) }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        try synchronize(end == path.startIndex ? "." : String(path[..<end]))
    }

    /// Puts the file `source` at `path` too, complete or not at all.
    static func place(_ source: String, at path: String) throws {
        let part = path + ".part"
        unlink(part)
        if link(source, part) != 0 {
            guard errno != ENOENT else { throw SystemTrouble(ENOENT) }
            do {
                try FileManager.default.copyItem(atPath: source, toPath: part)
                try synchronize(part)
            } catch {
                unlink(part)
                throw error
            }
        }
        guard rename(part, path) == 0 else { throw SystemTrouble(errno) }
        // Renaming one name of a file over another name of it leaves both.
        unlink(part)
    }

    /// What a trouble of the file system is for a job.
    func error(_ error: any Error) -> ProviderError {
        if let error = error as? ProviderError { return error }
        if error is CancellationError { return .interrupted }
        let number = (error as? SystemTrouble)?.number ?? WorkFolder.number(of: error)
        switch number {
        case ENOSPC, EDQUOT:
            return .diskFull
        case ENOENT:
            return ProviderError(JobFailure(.missing, "the rendered file is no longer there"))
        default:
            let reason = String(cString: strerror(number))
            return ProviderError(
                JobFailure(.fault, "the work folder cannot be used: \(reason.lowercased())"),
                isPassing: true
            )
        }
    }

    private static func number(of error: any Error) -> Int32 {
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        if let below = error.userInfo[NSUnderlyingErrorKey] as? NSError, below.domain == NSPOSIXErrorDomain {
            return Int32(below.code)
        }
        return error.code == CocoaError.fileWriteOutOfSpace.rawValue ? ENOSPC : EIO
    }

    private static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemTrouble(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemTrouble(errno) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
            || byte == 46
    }
}

/// What the system said when it refused.
struct SystemTrouble: Error, Hashable, Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }
}

/// A file that one process at a time may hold; the system lets it go when its holder dies.
struct FileLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// The lock at that path; nil when somebody holds it.
    init?(path: String) throws {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw SystemTrouble(errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let number = errno
                close(descriptor)
                if number == EWOULDBLOCK { return nil }
                throw SystemTrouble(number)
            }
            // Between opening and locking the last holder may have unlinked the file: then this lock guards nothing.
            var mine = stat()
            var named = stat()
            if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
                self.descriptor = descriptor
                self.path = path
                return
            }
            close(descriptor)
        }
    }

    /// Lets go and removes the file, in this order of events for others: gone, then free.
    func release() {
        unlink(path)
        close(descriptor)
    }
}

extension ProviderError {
    /// No room is left for a clip.
    static var diskFull: ProviderError {
        ProviderError(
            JobFailure(.diskFull, "no room is left on the disk for a clip", hint: "free some space, then run again"),
            isPassing: true
        )
    }

    /// The work was stopped from outside; nothing was lost.
    static var interrupted: ProviderError {
        ProviderError(JobFailure(.renderFailed, "the work was interrupted"), isPassing: true)
    }
}
