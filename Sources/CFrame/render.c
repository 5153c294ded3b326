// One frame: camera and light are computed at the nodes of a coarse mesh, and between them every pixel is one cubic sample.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef float f8 __attribute__((vector_size(32)));
typedef float f8u __attribute__((vector_size(32), aligned(4)));

static uint64_t mixed(uint64_t x) {
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

/* Grain as film has it: noise of two sizes, nearly normal, about 40 steps wide. */
static int make_grain(frame_scene *scene, uint64_t seed) {
    int w = scene->width + GRAIN_ROWS, tile = GRAIN_ROWS;
    float *raw = malloc(sizeof(float) * (size_t)(tile * tile));
    if (!raw) return 0;
    for (int i = 0; i < tile * tile; i++) {
        uint64_t r = mixed(seed ^ (uint64_t)i * 0x632BE59BD9B4E019ull);
        raw[i] = (float)(int)((r & 0xFFFF) + (r >> 16 & 0xFFFF) + (r >> 32 & 0xFFFF) + (r >> 48)) / 65536.0f - 2;
    }
    for (int y = 0; y < tile; y++) for (int x = 0; x < w; x++) {
        int a = x & 255, b = (x + 1) & 255, c = (y + 1) & 255;
        float v = raw[y * tile + a] + 0.6f * (raw[y * tile + b] + raw[c * tile + a]) + 0.36f * raw[c * tile + b];
        scene->grain[(size_t)y * (size_t)w + (size_t)x] = (int8_t)frame_clamp(v * 52, -127, 127);
    }
    free(raw);
    return 1;
}

static void make_dither(frame_scene *scene) {
    for (int y = 0; y < DITHER_ROWS; y++) for (int x = 0; x < scene->width; x++) {
        float a = 0.06711056f * (float)x + 0.00583715f * (float)y;
        float b = 52.9829189f * (a - floorf(a));
        scene->dither[y * scene->width + x] = b - floorf(b);
    }
}

frame_scene *frame_scene_make(const uint8_t *rgb, int width, int height, const frame_grade *grade, uint64_t seed) {
    if (width < 32 || height < 32 || (width & 1) || (height & 1) || width > 8192 || height > 8192) return NULL;
    frame_scene *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    int shorter = width < height ? width : height, cell = shorter / 270 < 1 ? 1 : shorter / 270;
    s->width = width;
    s->height = height;
    s->stride = width + 2 * PAD;
    s->map_width = width / cell;
    s->map_height = height / cell;
    s->nodes_x = (width + CELL - 1) / CELL + 1;
    s->nodes_y = (height + CELL - 1) / CELL + 1;
    size_t n = (size_t)s->map_width * (size_t)s->map_height;
    frame_ground ground = { .open = malloc(sizeof(float) * n), .sure = malloc(sizeof(float) * n) };
    s->coefficients = aligned_alloc(64, (sizeof(f4) * (size_t)s->stride * (size_t)(height + 2 * PAD) + 63) / 64 * 64);
    s->depth = malloc(sizeof(float) * n);
    s->grain = malloc((size_t)(width + GRAIN_ROWS) * GRAIN_ROWS);
    s->dither = malloc(sizeof(float) * (size_t)width * DITHER_ROWS);
    s->mesh = malloc(sizeof(frame_node) * (size_t)(s->nodes_x * s->nodes_y));
    s->rows = malloc(sizeof(float) * 14 * (size_t)(s->nodes_x * CELL));
    int good = s->coefficients && s->depth && s->grain && s->dither && s->mesh && s->rows
        && frame_find_subject(s, rgb, &ground) && frame_grade_picture(s, rgb, &ground, grade) && make_grain(s, seed);
    free(ground.open);
    free(ground.sure);
    if (!good) {
        frame_scene_free(s);
        return NULL;
    }
    make_dither(s);
    frame_prefilter(s);
    return s;
}

void frame_scene_free(frame_scene *s) {
    if (!s) return;
    free(s->coefficients); free(s->depth); free(s->grain); free(s->dither); free(s->mesh); free(s->rows);
    free(s);
}

frame_subject frame_scene_subject(const frame_scene *s) { return s->subject; }
long frame_bytes(const frame_scene *s) { return (long)s->width * s->height * 3 / 2; }

static inline float bell(const frame_glow *g, float x, float y) {
    float dx = (x - g->x) / g->radius_x, dy = (y - g->y) / g->radius_y;
    return g->strength * expf(-(dx * dx + dy * dy));
}

/* Where the camera's ray through a place of the frame meets the picture, and how lit it is there. */
static frame_node node_at(const frame_scene *s, const frame_moment *m, float px, float py) {
    float W = (float)s->width, H = (float)s->height, unit = fminf(W, H) * 0.5f;
    float x = (px - W * 0.5f) / unit, y = (py - H * 0.5f) / unit;
    const float focal = 2.6f;
    float cy = cosf(m->yaw), ty = tanf(m->yaw), cp = cosf(m->pitch), tp = tanf(m->pitch);
    float t = focal / (focal - x * ty);
    x = x * t / cy;
    y = y * t;
    t = focal / (focal - y * tp);
    y = y * t / cp;
    x = x * t;
    float cr = cosf(m->roll), sr = sinf(m->roll), zoom = 1 / m->zoom;
    float u = W * (0.5f + m->x) + (x * cr - y * sr) * zoom * unit;
    float v = H * (0.5f + m->y) + (x * sr + y * cr) * zoom * unit;

    float depth = frame_map_at(s->depth, s->map_width, s->map_height, u * (float)s->map_width / W - 0.5f, v * (float)s->map_height / H - 0.5f);
    const frame_subject *box = &s->subject;
    float half = fmaxf((box->right - box->left) * 0.5f * W, 1), middle = (box->left + box->right) * 0.5f * W;
    float side = (u - middle) / half, level = (box->top + box->bottom) * 0.5f * H;
    /* A card that swings about its middle line, seen from four half widths away. */
    float reach = frame_clamp(side, -1.3f, 1.3f), lean = sinf(m->swing) * 0.25f;
    float card = reach / (cosf(m->swing) - reach * lean);
    float round = fmaxf(0, 1 - side * side);
    float shift_u = (card - reach) * half - m->drift_x * 2 * unit - m->turn * half * round * round;
    float shift_v = (v - level) * card * lean - m->drift_y * 2 * unit;
    u += depth * shift_u;
    v += depth * shift_v;

    float fx = px / W, fy = py / H;
    float ex = (fx - 0.5f) * 2, ey = (fy - 0.5f) * 2, corner = ex * ex + ey * ey;
    float along = fx * cosf(m->gleam_angle) + fy * sinf(m->gleam_angle) - m->gleam_position;
    float gain = m->ambient + bell(&m->key, fx, fy);
    gain *= 1 - m->vignette * frame_smooth(0.25f, 2.0f, corner);
    gain += m->gleam * expf(-along * along / (m->gleam_width * m->gleam_width));
    gain *= 1 - bell(&m->shadow, fx, fy);
    float left = bell(&m->left, fx, fy), right = bell(&m->right, fx, fy);
    return (frame_node){ u - 0.5f, v - 0.5f, fmaxf(gain, 0), left * m->left.cb + right * m->right.cb, left * m->left.cr + right * m->right.cr };
}

static void make_mesh(frame_scene *s, const frame_moment *m) {
    for (int j = 0; j < s->nodes_y; j++) for (int i = 0; i < s->nodes_x; i++)
        s->mesh[j * s->nodes_x + i] = node_at(s, m, (float)(i * CELL), (float)(j * CELL));
}

float frame_overrun(frame_scene *s, const frame_moment *m) {
    float worst = 0;
    for (int j = 0; j <= 16; j++) for (int i = 0; i <= 16; i++) {
        frame_node n = node_at(s, m, (float)(i * s->width) / 16, (float)(j * s->height) / 16);
        worst = fmaxf(worst, fmaxf(-0.5f - n.u, n.u + 0.5f - (float)s->width));
        worst = fmaxf(worst, fmaxf(-0.5f - n.v, n.v + 0.5f - (float)s->height));
    }
    return worst;
}

/* The four cubic B-spline weights of a fraction. */
static inline __attribute__((always_inline)) f4 weights(float t) {
    const f4 a = { -1 / 6.0f, 0.5f, -0.5f, 1 / 6.0f }, b = { 0.5f, -1, 0.5f, 0 };
    const f4 c = { -0.5f, 0, 0.5f, 0 }, d = { 1 / 6.0f, 2 / 3.0f, 1 / 6.0f, 0 };
    return ((a * t + b) * t + c) * t + d;
}

static inline __attribute__((always_inline)) void sample_row(const frame_scene *s, const float *us, const float *vs, int n, float *out_y, float *out_cb, float *out_cr, float *out_subject) {
    const float *base = (const float *)s->coefficients;
    const ptrdiff_t stride = 4 * (ptrdiff_t)s->stride;
    const float top_u = (float)(s->width - 1), top_v = (float)(s->height - 1);
    for (int x = 0; x < n; x++) {
        float u = frame_clamp(us[x], 0, top_u), v = frame_clamp(vs[x], 0, top_v);
        int iu = (int)u, iv = (int)v;
        f4 wx = weights(u - (float)iu), wy = weights(v - (float)iv);
        const float *p = base + (iv + PAD - 1) * stride + 4 * (iu + PAD - 1);
        f8 w01 = __builtin_shufflevector(wx, wx, 0, 0, 0, 0, 1, 1, 1, 1);
        f8 w23 = __builtin_shufflevector(wx, wx, 2, 2, 2, 2, 3, 3, 3, 3);
        f8 sum = { 0 };
        for (int j = 0; j < 4; j++) {
            const float *q = p + j * stride;
            sum += (*(const f8u *)q * w01 + *(const f8u *)(q + 8) * w23) * wy[j];
        }
        out_y[x] = sum[0] + sum[4];
        out_cb[x] = sum[1] + sum[5];
        out_cr[x] = sum[2] + sum[6];
        out_subject[x] = sum[3] + sum[7];
    }
}

/* Between two nodes everything is a straight line. */
static inline __attribute__((always_inline)) void spread_row(const frame_scene *s, int y, float *us, float *vs, float *gain, float *cb, float *cr) {
    const frame_node *top = s->mesh + (y / CELL) * s->nodes_x, *low = top + s->nodes_x;
    float f = ((float)(y % CELL) + 0.5f) / CELL;
    for (int i = 0; i + 1 < s->nodes_x; i++) {
        float a[5], d[5];
        const float *t0 = &top[i].u, *t1 = &top[i + 1].u, *l0 = &low[i].u, *l1 = &low[i + 1].u;
        for (int k = 0; k < 5; k++) {
            a[k] = t0[k] + (l0[k] - t0[k]) * f;
            d[k] = (t1[k] + (l1[k] - t1[k]) * f - a[k]) / CELL;
        }
        int x0 = i * CELL;
        for (int k = 0; k < CELL; k++) {
            float c = (float)k + 0.5f;
            us[x0 + k] = a[0] + d[0] * c;
            vs[x0 + k] = a[1] + d[1] * c;
            gain[x0 + k] = a[2] + d[2] * c;
            cb[x0 + k] = a[3] + d[3] * c;
            cr[x0 + k] = a[4] + d[4] * c;
        }
    }
}

static inline __attribute__((always_inline)) void render(frame_scene *s, const frame_moment *m, uint8_t *planes) {
    int W = s->width, H = s->height, room = s->nodes_x * CELL;
    uint8_t *luma = planes, *blue = planes + (size_t)W * (size_t)H, *red = blue + (size_t)W * (size_t)H / 4;
    float *us = s->rows, *vs = us + room, *gain[2] = { vs + room, vs + 2 * room };
    float *ly[2] = { vs + 3 * room, vs + 4 * room }, *lb[2] = { vs + 5 * room, vs + 6 * room }, *lr[2] = { vs + 7 * room, vs + 8 * room };
    float *ls[2] = { vs + 9 * room, vs + 10 * room }, *tb = vs + 11 * room, *tr = vs + 12 * room;
    int bar = (int)((float)H * m->bars * 0.5f) * 2;
    uint64_t shake = mixed(m->grain_seed);
    int ox = (int)(shake & 255), oy = (int)(shake >> 8 & 255);
    float grain = m->grain / 40;
    make_mesh(s, m);
    for (int y = 0; y < H; y += 2) {
        if (y < bar || y >= H - bar) {
            memset(luma + (size_t)y * (size_t)W, 16, 2 * (size_t)W);
            memset(blue + (size_t)(y / 2) * (size_t)(W / 2), 128, (size_t)W / 2);
            memset(red + (size_t)(y / 2) * (size_t)(W / 2), 128, (size_t)W / 2);
            continue;
        }
        for (int r = 0; r < 2; r++) {
            spread_row(s, y + r, us, vs, gain[r], tb, tr);
            sample_row(s, us, vs, W, ly[r], lb[r], lr[r], ls[r]);
            const int8_t *noise = s->grain + (size_t)((y + r + oy) & 255) * (size_t)(W + GRAIN_ROWS) + ox;
            const float *dither = s->dither + (size_t)((y + r) % DITHER_ROWS) * (size_t)W;
            uint8_t *out = luma + (size_t)(y + r) * (size_t)W;
            const float *g = gain[r], *light = ly[r];
            for (int x = 0; x < W; x++) {
                float l = light[x] * g[x];
                /* Grain lives in the middle tones: pure white and black stay clean. */
                float body = l * (1.15f - l) * 3;
                body = body < 0 ? 0 : body > 1 ? 1 : body;
                float value = 16 + 219 * l + (float)noise[x] * grain * body + dither[x];
                value = value < 16 ? 16 : value > 235 ? 235 : value;
                out[x] = (uint8_t)(int)value;
            }
        }
        uint8_t *b = blue + (size_t)(y / 2) * (size_t)(W / 2), *d = red + (size_t)(y / 2) * (size_t)(W / 2);
        for (int x = 0; x < W / 2; x++) {
            int k = 2 * x;
            float light = 0.25f * (gain[0][k] + gain[0][k + 1] + gain[1][k] + gain[1][k + 1]);
            light = light > 1 ? 1 : light;
            /* Black throws no coloured light back. */
            float echo = 0.1f + 0.35f * (ly[0][k] + ly[0][k + 1] + ly[1][k] + ly[1][k + 1]);
            echo = echo > 1 ? 1 : echo;
            /* And the subject keeps most of its own colour. */
            echo *= 1 - 0.2f * (ls[0][k] + ls[0][k + 1] + ls[1][k] + ls[1][k + 1]);
            float cb = 0.25f * (lb[0][k] + lb[0][k + 1] + lb[1][k] + lb[1][k + 1]) * light + tb[k] * echo;
            float cr = 0.25f * (lr[0][k] + lr[0][k + 1] + lr[1][k] + lr[1][k + 1]) * light + tr[k] * echo;
            float vb = 128.5f + 224 * cb, vr = 128.5f + 224 * cr;
            b[x] = (uint8_t)(int)(vb < 16 ? 16 : vb > 240 ? 240 : vb);
            d[x] = (uint8_t)(int)(vr < 16 ? 16 : vr > 240 ? 240 : vr);
        }
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void render_wide(frame_scene *s, const frame_moment *m, uint8_t *planes) { render(s, m, planes); }
#endif

void frame_render(frame_scene *s, const frame_moment *m, uint8_t *planes) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) { render_wide(s, m, planes); return; }
#endif
    render(s, m, planes);
}

void frame_sample(const frame_scene *s, float u, float v, float colour[3]) {
    float subject;
    sample_row(s, &u, &v, 1, colour, colour + 1, colour + 2, &subject);
}
