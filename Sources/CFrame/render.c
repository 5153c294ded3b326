// One frame: camera and light are computed at the nodes of a coarse mesh, and between them every pixel is one cubic sample.
#include "rows.h"
#include <math.h>
#include <string.h>

#define HOT static inline __attribute__((always_inline))

static uint32_t shaken(uint32_t x) {
    x ^= x >> 16; x *= 0x7FEB352Du; x ^= x >> 15; x *= 0x846CA68Bu;
    return x ^ x >> 16;
}

/* The light of a row of cells at its upper and lower end, and where its first row of pixels is sampled. */
HOT void begin_cells(const frame_scene *s, int j, int is_straight) {
    const frame_rows *r = &s->rows;
    const frame_node *top = s->mesh + j * s->nodes_x, *low = top + s->nodes_x;
    for (int i = 0; i + 1 < s->nodes_x; i++) {
        float a = top[i].gain * 16384, b = low[i].gain * 16384;
        float da = (top[i + 1].gain * 16384 - a) / CELL, db = (low[i + 1].gain * 16384 - b) / CELL;
        for (int k = 0; k < CELL; k++) {
            r->top[i * CELL + k] = (int16_t)(a + da * ((float)k + 0.5f));
            r->low[i * CELL + k] = (int16_t)(b + db * ((float)k + 0.5f));
        }
        for (int k = 0; k < CELL / 2; k++) {
            r->half_top[i * CELL / 2 + k] = (int16_t)(a + da * (2 * (float)k + 1));
            r->half_low[i * CELL / 2 + k] = (int16_t)(b + db * (2 * (float)k + 1));
        }
    }
    if (is_straight) return;
    for (int i = 0; i + 1 < s->nodes_x; i++) {
        float u = top[i].u * 65536, v = top[i].v * 65536, du = (top[i + 1].u * 65536 - u) / CELL, dv = (top[i + 1].v * 65536 - v) / CELL;
        float lu = low[i].u * 65536, lv = low[i].v * 65536, ldu = (low[i + 1].u * 65536 - lu) / CELL, ldv = (low[i + 1].v * 65536 - lv) / CELL;
        for (int k = 0; k < CELL; k++) {
            float c = (float)k + 0.5f, down_u = (lu + ldu * c - u - du * c) / CELL, down_v = (lv + ldv * c - v - dv * c) / CELL;
            r->u[i * CELL + k] = (int32_t)(u + du * c + 0.5f * down_u);
            r->v[i * CELL + k] = (int32_t)(v + dv * c + 0.5f * down_v);
            r->du[i * CELL + k] = (int32_t)down_u;
            r->dv[i * CELL + k] = (int32_t)down_v;
        }
    }
}

#if defined(__x86_64__)
#define FAST(kernel, ...) do { if (wide) kernel##_wide(__VA_ARGS__); else kernel(__VA_ARGS__); } while (0)
#else
#define FAST(kernel, ...) do { (void)wide; kernel(__VA_ARGS__); } while (0)
#endif

/* The way along one axis of a plane: the place of the first pixel, and from each to the next. */
typedef struct { double first, step; } frame_way;

/* The colours' pixels lie between two of the picture's. */
static frame_way halved(frame_way way) { return (frame_way){ (way.first + 0.5 * way.step) * 0.5 - 0.25, way.step }; }

static int32_t phase_at(frame_way way, int i, int last) {
    int32_t place = (int32_t)floor((way.first + way.step * i) * PHASES + 0.5);
    return place < 0 ? 0 : place > last * PHASES ? last * PHASES : place;
}

static void lay_out(const frame_scene *s, frame_way way, int last, int n, int32_t *at, int16_t *taps) {
    for (int x = 0; x < n; x++) {
        int32_t u = phase_at(way, x, last);
        at[x] = u / PHASES - 1;
        memcpy(taps + 4 * x, s->taps[u % PHASES], 4 * sizeof(int16_t));
    }
}

/* A plane whose rows stay rows, and how far down its rows are resampled. */
typedef struct {
    const frame_plane *plane;
    int16_t *const *ring;
    const int32_t *at;
    const int16_t *taps;
    frame_way way;
    int next;
} frame_lines;

HOT void line(frame_lines *l, const frame_scene *s, int y, int n, int16_t *out, int wide) {
    const int32_t v = phase_at(l->way, y, l->plane->height - 1), row = v / PHASES;
    if (l->next < row - 1) l->next = row - 1;
    for (; l->next <= row + 2; l->next++) FAST(across, l->plane->first + l->next * l->plane->stride, l->at, l->taps, n, l->ring[l->next & 3]);
    const int16_t *rows[4] = { l->ring[(row - 1) & 3], l->ring[row & 3], l->ring[(row + 1) & 3], l->ring[(row + 2) & 3] };
    FAST(down, rows, s->taps[v % PHASES], n, out);
}

/* The coloured light of a row, 32 to an eight-bit step. */
HOT void tint(const frame_scene *s, int j, int is_blue, int16_t *restrict out) {
    const frame_node *top = s->mesh + (2 * j / CELL) * s->nodes_x, *low = top + s->nodes_x;
    const float f = (float)(2 * j % CELL + 1) / CELL;
    for (int i = 0; i + 1 < s->nodes_x; i++) {
        float a = is_blue ? top[i].cb + (low[i].cb - top[i].cb) * f : top[i].cr + (low[i].cr - top[i].cr) * f;
        float b = is_blue ? top[i + 1].cb + (low[i + 1].cb - top[i + 1].cb) * f : top[i + 1].cr + (low[i + 1].cr - top[i + 1].cr) * f;
        for (int k = 0; k < CELL / 2; k++) out[i * CELL / 2 + k] = (int16_t)((a + (b - a) * ((float)k + 0.5f) / (CELL / 2)) * 7168);
    }
}

HOT void render(frame_scene *s, const frame_moment *m, uint8_t *planes, int wide) {
    const int W = s->width, H = s->height, is_tinted = s->echo.memory != NULL, is_straight = frame_is_straight(m);
    frame_rows *r = &s->rows;
    uint8_t *luma = planes, *blue = planes + (size_t)W * (size_t)H, *red = blue + (size_t)W * (size_t)H / 4;
    const frame_plane *sources[4] = { &s->luma, &s->blue, &s->red, &s->echo };
    const int bar = (int)((float)H * m->bars * 0.5f) * 2;
    const uint32_t shake = shaken(m->grain_seed);
    const int ox = (int)(shake & 255), oy = (int)(shake >> 8 & 255);
    const int16_t grain = (int16_t)fminf(m->grain * 409.6f, 32767);
    const frame_view view = frame_view_of(m);
    for (int j = 0; j < s->nodes_y; j++) for (int i = 0; i < s->nodes_x; i++)
        s->mesh[j * s->nodes_x + i] = frame_node_at(s, &view, (float)(i * CELL), (float)(j * CELL));

    frame_lines lines[4];
    if (is_straight) {
        frame_node a = frame_node_at(s, &view, 0, 0), b = frame_node_at(s, &view, (float)W, (float)H);
        frame_way across = { a.u, ((double)b.u - a.u) / W }, down = { a.v, ((double)b.v - a.v) / H };
        across.first += 0.5 * across.step;
        down.first += 0.5 * down.step;
        lay_out(s, across, W - 1, W, r->at, r->taps);
        lay_out(s, halved(across), W / 2 - 1, W / 2, r->half_at, r->half_taps);
        for (int i = 0; i < 4; i++)
            lines[i] = (frame_lines){ sources[i], r->ring[i], i ? r->half_at : r->at, i ? r->half_taps : r->taps, i ? halved(down) : down, -PAD };
    }
    for (int y = 0; y < H; y += 2) {
        const size_t half = (size_t)(y / 2) * (size_t)(W / 2);
        if (y % CELL == 0) begin_cells(s, y / CELL, is_straight);
        if (y < bar || y >= H - bar) {
            memset(luma + (size_t)y * (size_t)W, 16, 2 * (size_t)W);
            memset(blue + half, 128, (size_t)W / 2);
            memset(red + half, 128, (size_t)W / 2);
            continue;
        }
        for (int k = 0; k < 2; k++) {
            if (is_straight) {
                line(&lines[0], s, y + k, W, r->light, wide);
            } else {
                FAST(place, r, &s->luma, y % CELL + k, W);
                FAST(anywhere, &s->luma, s, r->at, r->phase_u, r->phase_v, W, r->light);
            }
            frame_shading how = {
                r->top, r->low, s->dither + (size_t)((y + k) % DITHER_ROWS) * (size_t)W,
                s->grain + (size_t)((y + k + oy) & (GRAIN_ROWS - 1)) * (size_t)(W + GRAIN_ROWS) + ox,
                (int16_t)((2 * ((y + k) % CELL) + 1) * 1024), grain,
            };
            FAST(shade, r->light, &how, W, luma + (size_t)(y + k) * (size_t)W);
        }
        if (!is_straight) FAST(place_half, r, &s->blue, y % CELL, W / 2);
        if (is_tinted) {
            if (is_straight) line(&lines[3], s, y / 2, W / 2, r->echo, wide);
            else FAST(anywhere, &s->echo, s, r->at, r->phase_u, r->phase_v, W / 2, r->echo);
        }
        for (int i = 1; i <= 2; i++) {
            if (is_straight) line(&lines[i], s, y / 2, W / 2, r->colour, wide);
            else FAST(anywhere, sources[i], s, r->at, r->phase_u, r->phase_v, W / 2, r->colour);
            if (is_tinted) tint(s, y / 2, i == 1, r->tints);
            FAST(tone, r, (int16_t)((y % CELL + 1) * 2048), W / 2, (i == 1 ? blue : red) + half);
        }
    }
}

#if defined(__x86_64__)
WIDE static void render_wide(frame_scene *s, const frame_moment *m, uint8_t *planes) { render(s, m, planes, 1); }
#endif

void frame_render_plainly(frame_scene *s, const frame_moment *m, uint8_t *planes) { render(s, m, planes, 0); }

void frame_render(frame_scene *s, const frame_moment *m, uint8_t *planes) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) { render_wide(s, m, planes); return; }
#endif
    frame_render_plainly(s, m, planes);
}

void frame_sample(const frame_scene *s, float u, float v, float colour[3]) {
    const frame_plane *planes[3] = { &s->luma, &s->blue, &s->red };
    for (int i = 0; i < 3; i++) {
        const frame_plane *plane = planes[i];
        int32_t a = phase_at((frame_way){ i ? u / 2 - 0.25 : u, 0 }, 0, plane->width - 1), b = phase_at((frame_way){ i ? v / 2 - 0.25 : v, 0 }, 0, plane->height - 1);
        int32_t at = (int32_t)((b / PHASES - 1) * plane->stride + a / PHASES - 1);
        int16_t pu = (int16_t)(a % PHASES), pv = (int16_t)(b % PHASES), value;
        anywhere(plane, s, &at, &pu, &pv, 1, &value);
        colour[i] = (float)value / 8192;
    }
}
