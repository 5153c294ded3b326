import Synchronization
import VitrineCore

/// Requests and preset uses by their stored text: a job is read at each of its steps, and its request is the same each time.
final class RequestCache: Sendable {
    private let requests = Mutex<[String: VideoRequest]>([:])
    private let presets = Mutex<[String: PresetUse]>([:])
    private static let most = 10_000

    func request(_ text: String) throws -> VideoRequest {
        if let known = requests.withLock({ $0[text] }) { return known }
        let request: VideoRequest = try StoredJSON.value(text)
        requests.withLock { requests in
            if requests.count >= RequestCache.most { requests.removeAll(keepingCapacity: true) }
            requests[text] = request
        }
        return request
    }

    func preset(_ text: String) throws -> PresetUse {
        if let known = presets.withLock({ $0[text] }) { return known }
        let preset: PresetUse = try StoredJSON.value(text)
        presets.withLock { presets in
            if presets.count >= RequestCache.most { presets.removeAll(keepingCapacity: true) }
            presets[text] = preset
        }
        return preset
    }
}
