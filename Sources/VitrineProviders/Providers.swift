// VitrineProviders: one adapter a provider: request out, answer in, nothing else.
// It never touches storage and never decides whether something is sent again.
// The composition root makes the adapters; the pipeline calls them through VideoProvider.

import VitrineCore
