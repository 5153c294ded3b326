// swift-tools-version: 6.2
import PackageDescription

// The law of the house: a target sees what its line names, and nothing else. See docs/architecture.md.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let extras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let http = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let httpParts = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioTesting = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let testing = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// One Swift target of the house.
func room(_ name: String, sees dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// The tests of one target.
func tests(
    of name: String,
    sees dependencies: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name == "vitrine" ? "VitrineTests" : name + "Tests",
        dependencies: [.init(stringLiteral: name)] + dependencies,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "Vitrine",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "vitrine", targets: ["vitrine"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        room("VitrineCore", sees: [crypto, "CScheduler"]),
        room("VitrineFeeds", sees: ["VitrineCore", "CAssets", "CZlib", yams], exclude: ["Profiles"]),
        room("VitrinePresets", sees: ["VitrineCore", "CAssets", yams, mustache]),
        room("VitrineImaging", sees: ["VitrineCore", "CImageCodec"]),
        room("VitrineVideo", sees: ["VitrineCore", "VitrineImaging", "CFrame", subprocess]),
        room("VitrineExport", sees: ["VitrineCore", "VitrineFeeds", "CAssets", mustache], exclude: ["Templates"]),
        room("VitrineStorage", sees: ["VitrineCore", "CAssets", grdb, sqlite], exclude: ["Migrations"]),
        room("VitrineTransport", sees: ["VitrineCore", "CCurl"]),
        room(
            "VitrinePipeline",
            sees: ["VitrineCore", "VitrineFeeds", "VitrinePresets", "VitrineImaging", log, coreMetrics]
        ),
        room(
            "VitrineProviders",
            sees: ["VitrineCore", "CAssets", crypto, extras, yams],
            exclude: ["prices.yaml"]
        ),
        room(
            "VitrineServer",
            sees: [
                "VitrineCore", "VitrinePipeline", "CAssets", hummingbird, http, httpParts, nio, lifecycle, log,
                coreMetrics, mustache,
            ],
            exclude: ["openapi.yaml", "Templates"]
        ),
        room(
            "VitrineSimulator",
            sees: [
                "VitrineCore", "VitrineImaging", "VitrineVideo", hummingbird, http, nio, lifecycle, log, crypto, extras,
                yams,
            ]
        ),
        room("VitrineTesting", sees: ["VitrineCore", "VitrineImaging"]),
        .executableTarget(
            name: "vitrine",
            dependencies: [
                "VitrineCore", "VitrineFeeds", "VitrinePresets", "VitrineImaging", "VitrineVideo", "VitrineExport",
                "VitrineStorage", "VitrineTransport", "VitrinePipeline", "VitrineProviders", "VitrineServer",
                "VitrineSimulator", log, metrics, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "VitrineCore", "VitrineImaging", "VitrinePipeline", "VitrinePresets", "VitrineProviders",
                "VitrineSimulator", "VitrineStorage", "VitrineTesting", "VitrineTransport", "VitrineVideo", http,
                hummingbird, log, nio,
            ],
            path: "Benchmarks",
            swiftSettings: strict
        ),

        // C stands where Swift cannot go: variadics, setjmp, embedded bytes; and where a benchmark shows a gain.
        .target(name: "CAssets"),
        .target(
            name: "CImageCodec",
            dependencies: ["CJPEG", "CPNG", "CWebP", "CLCMS"],
            cSettings: [.unsafeFlags(["-O3"])]
        ),
        .target(name: "CFrame", cSettings: [.unsafeFlags(["-O3"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CScheduler"),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CLCMS", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        tests(of: "VitrineCore", sees: ["VitrineTesting"]),
        tests(of: "VitrineFeeds", sees: ["VitrineCore", "VitrineTesting"]),
        tests(of: "VitrinePresets", sees: ["VitrineCore", "VitrineProviders", "VitrineTesting"]),
        tests(of: "VitrineImaging", sees: ["VitrineCore", "VitrineTesting"], exclude: ["Fixtures"]),
        tests(of: "VitrineVideo", sees: ["VitrineCore", "VitrineImaging", "VitrineTesting"]),
        tests(of: "VitrineExport", sees: ["VitrineCore", "VitrineFeeds", "VitrineTesting"]),
        tests(of: "VitrineStorage", sees: ["VitrineCore", "VitrineTesting", grdb, sqlite], exclude: ["Fixtures"]),
        tests(of: "VitrineTransport", sees: ["VitrineCore", "VitrineTesting"]),
        tests(
            of: "VitrinePipeline",
            sees: [
                "VitrineCore", "VitrineImaging", "VitrineFeeds", "VitrinePresets", "VitrineStorage", "VitrineTesting",
                "VitrineTransport", log, coreMetrics,
            ]
        ),
        tests(of: "VitrineProviders", sees: ["VitrineCore", "VitrineTesting", crypto, extras]),
        tests(
            of: "VitrineServer",
            sees: [
                "VitrineCore", "VitrineImaging", "VitrinePipeline", "VitrinePresets", "VitrineStorage",
                "VitrineTesting",
                testing, hummingbird, http, httpParts, nio, nioTesting, log, yams,
            ]
        ),
        tests(of: "VitrineSimulator", sees: ["VitrineCore", "VitrineImaging", "VitrineTesting", "VitrineVideo", log]),
        tests(of: "vitrine", sees: ["VitrineCore", "VitrineTesting", yams], exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)
