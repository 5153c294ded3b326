// VitrineServer: the HTTP API over the pipeline's verbs.
// It knows no SQL, no provider and no ffmpeg.
// `vitrine serve` makes and runs it.

import Hummingbird
import VitrineCore
