// The kernels of a row for processors with AVX2. Included by rows.h alone.
#pragma once
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

WIDE static inline __m256i row16(const void *at) { return _mm256_loadu_si256((const __m256i *)at); }
WIDE static inline __m256i all16(int16_t a) { return _mm256_set1_epi16(a); }
WIDE static inline __m256i held(__m256i a, __m256i least, __m256i most) { return _mm256_min_epi16(_mm256_max_epi16(a, least), most); }
WIDE static inline void keep8(uint8_t *out, __m256i a) {
    a = _mm256_permute4x64_epi64(_mm256_packus_epi16(a, a), 8);
    _mm_storeu_si128((__m128i *)(void *)out, _mm256_castsi256_si128(a));
}

WIDE static inline __m128i two(const int16_t *a, const int16_t *b) {
    return _mm_castpd_si128(_mm_loadh_pd(_mm_load_sd((const double *)(const void *)a), (const double *)(const void *)b));
}
WIDE static inline __m256i both(__m128i low, __m128i high) { return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1); }

WIDE static inline void across_wide(const int16_t *row, const int32_t *at, const int16_t *taps, int n, int16_t *out) {
    const __m256i round = _mm256_set1_epi32(8192);
    int x = 0;
    for (; x + 8 <= n; x += 8) {
        const int32_t *a = at + x;
        const __m128i *w = (const __m128i *)(const void *)(taps + 4 * x);
        __m256i left = both(two(row + a[0], row + a[1]), two(row + a[4], row + a[5]));
        __m256i right = both(two(row + a[2], row + a[3]), two(row + a[6], row + a[7]));
        left = _mm256_madd_epi16(left, both(_mm_loadu_si128(w), _mm_loadu_si128(w + 2)));
        right = _mm256_madd_epi16(right, both(_mm_loadu_si128(w + 1), _mm_loadu_si128(w + 3)));
        __m256i sum = _mm256_srai_epi32(_mm256_add_epi32(_mm256_hadd_epi32(left, right), round), 14);
        __m128i packed = _mm_packs_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        _mm_storeu_si128((__m128i *)(void *)(out + x), packed);
    }
    across(row, at + x, taps + 4 * x, n - x, out + x);
}

/* The four columns of a pixel, each summed down: 4096 * 32768 to one. */
WIDE static inline __m128i columns(const frame_plane *plane, int32_t at, const int16_t *w) {
    const int16_t *p = plane->pairs + 2 * (ptrdiff_t)at;
    int32_t upper, lower;
    memcpy(&upper, w, 4);
    memcpy(&lower, w + 2, 4);
    __m128i a = _mm_madd_epi16(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi32(upper));
    __m128i b = _mm_madd_epi16(_mm_loadu_si128((const __m128i *)(const void *)(p + 4 * plane->stride)), _mm_set1_epi32(lower));
    return _mm_add_epi32(a, b);
}

/* Four pixels: each lane ends with two sums of pairs, of pixels 0 and 2 below and of 1 and 3 above. */
WIDE static inline __m256i four(const frame_plane *plane, const frame_scene *s, const int32_t *at, const int16_t *pu, const int16_t *pv) {
    const __m256i round = _mm256_set1_epi32(8192);
    __m256i a = both(columns(plane, at[0], s->taps[pv[0]]), columns(plane, at[1], s->taps[pv[1]]));
    __m256i b = both(columns(plane, at[2], s->taps[pv[2]]), columns(plane, at[3], s->taps[pv[3]]));
    a = _mm256_srai_epi32(_mm256_add_epi32(a, round), 14);
    b = _mm256_srai_epi32(_mm256_add_epi32(b, round), 14);
    __m256i w = both(two(s->taps[pu[0]], s->taps[pu[2]]), two(s->taps[pu[1]], s->taps[pu[3]]));
    return _mm256_madd_epi16(_mm256_packs_epi32(a, b), w);
}

WIDE static inline void anywhere_wide(const frame_plane *plane, const frame_scene *s, const int32_t *at, const int16_t *pu, const int16_t *pv, int n, int16_t *out) {
    const __m256i round = _mm256_set1_epi32(16384);
    int x = 0;
    for (; x + 8 <= n; x += 8) {
        __m256i sum = _mm256_hadd_epi32(four(plane, s, at + x, pu + x, pv + x), four(plane, s, at + x + 4, pu + x + 4, pv + x + 4));
        sum = _mm256_srai_epi32(_mm256_add_epi32(sum, round), 15);
        sum = _mm256_packs_epi32(sum, sum);
        _mm_storeu_si128((__m128i *)(void *)(out + x), _mm_unpacklo_epi16(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1)));
    }
    anywhere(plane, s, at + x, pu + x, pv + x, n - x, out + x);
}

WIDE static inline void down_wide(const int16_t *const rows[4], const int16_t *w, int n, int16_t *out) {
    const __m256i a = all16(w[0]), b = all16(w[1]), c = all16(w[2]), d = all16(w[3]);
    /* Rows end with a whole cell: what lies beyond the frame is room for this. */
    for (int x = 0; x < n; x += 16) {
        __m256i upper = _mm256_add_epi16(_mm256_mulhrs_epi16(row16(rows[0] + x), a), _mm256_mulhrs_epi16(row16(rows[1] + x), b));
        __m256i lower = _mm256_add_epi16(_mm256_mulhrs_epi16(row16(rows[2] + x), c), _mm256_mulhrs_epi16(row16(rows[3] + x), d));
        _mm256_storeu_si256((__m256i *)(void *)(out + x), _mm256_add_epi16(upper, lower));
    }
}

WIDE static inline void place_eight(const frame_rows *r, const frame_plane *plane, int x, __m256i u, __m256i v) {
    const __m256i none = _mm256_setzero_si256(), mask = _mm256_set1_epi32(PHASES - 1), half = _mm256_set1_epi32(64);
    u = _mm256_srai_epi32(_mm256_add_epi32(u, half), 7);
    v = _mm256_srai_epi32(_mm256_add_epi32(v, half), 7);
    u = _mm256_min_epi32(_mm256_max_epi32(u, none), _mm256_set1_epi32((plane->width - 1) * PHASES));
    v = _mm256_min_epi32(_mm256_max_epi32(v, none), _mm256_set1_epi32((plane->height - 1) * PHASES));
    __m256i phases = _mm256_permute4x64_epi64(_mm256_packs_epi32(_mm256_and_si256(u, mask), _mm256_and_si256(v, mask)), 0xD8);
    _mm_storeu_si128((__m128i *)(void *)(r->phase_u + x), _mm256_castsi256_si128(phases));
    _mm_storeu_si128((__m128i *)(void *)(r->phase_v + x), _mm256_extracti128_si256(phases, 1));
    const int32_t stride = (int32_t)plane->stride;
    __m256i at = _mm256_mullo_epi32(_mm256_srai_epi32(v, 9), _mm256_set1_epi32(stride));
    at = _mm256_add_epi32(_mm256_add_epi32(at, _mm256_srai_epi32(u, 9)), _mm256_set1_epi32(-stride - 1));
    _mm256_storeu_si256((__m256i *)(void *)(r->at + x), at);
}

WIDE static inline void place_wide(const frame_rows *r, const frame_plane *plane, int k, int n) {
    const __m256i times_k = _mm256_set1_epi32(k);
    int x = 0;
    for (; x + 8 <= n; x += 8) {
        __m256i u = _mm256_add_epi32(row16(r->u + x), _mm256_mullo_epi32(row16(r->du + x), times_k));
        __m256i v = _mm256_add_epi32(row16(r->v + x), _mm256_mullo_epi32(row16(r->dv + x), times_k));
        place_eight(r, plane, x, u, v);
    }
    place_from(r, plane, k, x, n);
}

WIDE static inline void shade_wide(const int16_t *light, const frame_shading *how, int n, uint8_t *out) {
    const __m256i share = all16(how->share), grain = all16(how->grain);
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i top = row16(how->top + x), g = _mm256_add_epi16(top, _mm256_mulhrs_epi16(_mm256_sub_epi16(row16(how->low + x), top), share));
        __m256i v = held(_mm256_mulhrs_epi16(row16(light + x), g), all16(-512), all16(4608));
        __m256i o = _mm256_mulhrs_epi16(_mm256_add_epi16(v, v), all16(28032));
        o = _mm256_add_epi16(_mm256_add_epi16(o, all16(512)), row16(how->dither + x));
        if (how->grain) {
            __m256i t = held(v, _mm256_setzero_si256(), all16(4095)), rest = _mm256_sub_epi16(all16(4710), t);
            __m256i body = _mm256_mulhrs_epi16(_mm256_slli_epi16(t, 3), _mm256_add_epi16(rest, rest));
            __m256i noise = _mm256_slli_epi16(_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(how->noise + x))), 7);
            o = _mm256_add_epi16(o, _mm256_mulhrs_epi16(_mm256_mulhrs_epi16(noise, grain), _mm256_mullo_epi16(body, all16(6))));
        }
        keep8(out + x, held(_mm256_srai_epi16(o, 5), all16(16), all16(235)));
    }
    shade_from(light, how, x, n, out);
}

WIDE static inline void tone_wide(const frame_rows *r, int16_t share, int n, uint8_t *out) {
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i top = row16(r->half_top + x);
        __m256i g = _mm256_add_epi16(top, _mm256_mulhrs_epi16(_mm256_sub_epi16(row16(r->half_low + x), top), all16(share)));
        __m256i c = _mm256_mulhrs_epi16(row16(r->colour + x), _mm256_min_epi16(g, all16(16384)));
        __m256i o = _mm256_add_epi16(_mm256_mulhrs_epi16(_mm256_add_epi16(c, c), all16(28672)), all16(4112));
        o = _mm256_add_epi16(o, _mm256_mulhrs_epi16(_mm256_slli_epi16(row16(r->tints + x), 2), row16(r->echo + x)));
        keep8(out + x, held(_mm256_srai_epi16(o, 5), all16(16), all16(240)));
    }
    tone_from(r, share, x, n, out);
}

/* The sums of neighbours. */
WIDE static inline __m256i pairs(const int32_t *at) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(row16(at), row16(at + 8)), 0xD8);
}
WIDE static inline __m256i evens(const int32_t *at) {
    return _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(row16(at)), _mm256_castsi256_ps(row16(at + 8)), 0x88)), 0xD8);
}
WIDE static inline __m256i middle(const int32_t *a, const int32_t *d, __m256i k) {
    __m256i sum = _mm256_add_epi32(_mm256_add_epi32(pairs(a), _mm256_mullo_epi32(pairs(d), k)), evens(d));
    return _mm256_sub_epi32(_mm256_srai_epi32(sum, 2), _mm256_set1_epi32(16384));
}

WIDE static inline void place_half_wide(const frame_rows *r, const frame_plane *plane, int k, int n) {
    const __m256i times_k = _mm256_set1_epi32(k);
    /* Rows end with a whole cell: what lies beyond the frame is room for this. */
    for (int x = 0; x < n; x += 8) place_eight(r, plane, x, middle(r->u + 2 * x, r->du + 2 * x, times_k), middle(r->v + 2 * x, r->dv + 2 * x, times_k));
}
