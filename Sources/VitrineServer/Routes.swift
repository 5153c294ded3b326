import HTTPTypes
import Hummingbird
import VitrineCore

/// One line of the table of routes.
struct Route: Sendable {
    /// Answers a request.
    typealias Handler = @Sendable (Request, ServerContext) async throws -> Response

    var method: HTTPMethod
    var path: String
    /// What a key must be allowed to do; nil where no key is asked for.
    var scope: Scope?
    var handler: Handler

    static func get(
        _ path: String,
        _ scope: Scope?,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> some ResponseGenerator
    ) -> Route { on(.get, path, scope, handler) }

    static func post(
        _ path: String,
        _ scope: Scope?,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> some ResponseGenerator
    ) -> Route { on(.post, path, scope, handler) }

    static func put(
        _ path: String,
        _ scope: Scope?,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> some ResponseGenerator
    ) -> Route { on(.put, path, scope, handler) }

    static func delete(
        _ path: String,
        _ scope: Scope?,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> some ResponseGenerator
    ) -> Route { on(.delete, path, scope, handler) }

    private static func on(
        _ method: HTTPMethod,
        _ path: String,
        _ scope: Scope?,
        _ handler: @escaping @Sendable (Request, ServerContext) async throws -> some ResponseGenerator
    ) -> Route {
        Route(method: method, path: path, scope: scope) { request, context in
            try await handler(request, context).response(from: request, context: context)
        }
    }
}

extension Router where Context == ServerContext {
    /// Adds the routes with their guards; what is not in the table is 404, and a method that a path does not know is 405.
    func add(_ routes: [Route], access: AccessControl) {
        for route in routes {
            on(RouterPath(route.path), method: route.method) { request, context -> Response in
                var context = context
                if let scope = route.scope {
                    context.caller = try await access.admit(request, from: context.remoteAddress, to: scope)
                }
                return try await route.handler(request, context)
            }
        }
        for (path, known) in Dictionary(grouping: routes, by: \.path) {
            var allowed = known.map(\.method)
            if allowed.contains(.get) { allowed.append(.head) }
            let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !allowed.contains(method) {
                on(RouterPath(path), method: method) { request, _ -> Response in
                    throw RequestError(
                        .methodNotAllowed,
                        "\(request.method.rawValue) is not known at this address",
                        hint: "it knows \(list)",
                        headers: [.allow: list]
                    )
                }
            }
        }
    }

    private static var methods: [HTTPMethod] {
        [.get, .head, .post, .put, .delete, .patch, .options, .trace] + [HTTPMethod("QUERY")].compactMap { $0 }
    }
}
