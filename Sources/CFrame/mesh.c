// The mesh: camera and light at one place of the frame. Between its nodes everything runs in straight lines.
#include "scene.h"
#include <math.h>

static inline float bell(const frame_glow *g, float x, float y) {
    if (g->strength == 0) return 0;
    float dx = (x - g->x) / g->radius_x, dy = (y - g->y) / g->radius_y;
    return g->strength * expf(-(dx * dx + dy * dy));
}

int frame_is_straight(const frame_moment *m) {
    return m->roll == 0 && m->yaw == 0 && m->pitch == 0 && m->drift_x == 0 && m->drift_y == 0 && m->turn == 0 && m->swing == 0;
}

frame_view frame_view_of(const frame_moment *m) {
    return (frame_view){
        m, frame_is_straight(m), cosf(m->yaw), tanf(m->yaw), cosf(m->pitch), tanf(m->pitch), cosf(m->roll) / m->zoom, sinf(m->roll) / m->zoom,
        cosf(m->swing), sinf(m->swing) * 0.25f, cosf(m->gleam_angle), sinf(m->gleam_angle),
    };
}

/* Moves a place of the picture as far as the subject there has moved against its ground. */
static void move_apart(const frame_scene *s, const frame_view *view, float unit, float *u, float *v) {
    const frame_moment *m = view->moment;
    const float W = (float)s->width, H = (float)s->height;
    float depth = frame_map_at(s->depth, s->map_width, s->map_height, *u * (float)s->map_width / W - 0.5f, *v * (float)s->map_height / H - 0.5f);
    if (depth == 0) return;
    const frame_subject *box = &s->subject;
    float half = fmaxf((box->right - box->left) * 0.5f * W, 1), middle = (box->left + box->right) * 0.5f * W;
    float side = (*u - middle) / half, level = (box->top + box->bottom) * 0.5f * H;
    /* A card that swings about its middle line, seen from four half widths away. */
    float reach = frame_clamp(side, -1.3f, 1.3f);
    float card = reach / (view->swing_cosine - reach * view->lean);
    float round = fmaxf(0, 1 - side * side);
    float shift_u = (card - reach) * half - m->drift_x * 2 * unit - m->turn * half * round * round;
    float shift_v = (*v - level) * card * view->lean - m->drift_y * 2 * unit;
    *u += depth * shift_u;
    *v += depth * shift_v;
}

static float gain_at(const frame_view *view, float x, float y) {
    const frame_moment *m = view->moment;
    float gain = m->ambient + bell(&m->key, x, y);
    if (m->vignette != 0) {
        float across = (x - 0.5f) * 2, down = (y - 0.5f) * 2;
        gain *= 1 - m->vignette * frame_smooth(0.25f, 2.0f, across * across + down * down);
    }
    if (m->gleam != 0) {
        float along = x * view->gleam_x + y * view->gleam_y - m->gleam_position;
        gain += m->gleam * expf(-along * along / (m->gleam_width * m->gleam_width));
    }
    return frame_clamp(gain * (1 - bell(&m->shadow, x, y)), 0, 1.99f);
}

frame_node frame_node_at(const frame_scene *s, const frame_view *view, float px, float py) {
    const frame_moment *m = view->moment;
    float W = (float)s->width, H = (float)s->height, unit = fminf(W, H) * 0.5f;
    float x = (px - W * 0.5f) / unit, y = (py - H * 0.5f) / unit;
    const float focal = 2.6f;
    float t = focal / (focal - x * view->yaw_tangent);
    x = x * t / view->yaw_cosine;
    y = y * t;
    t = focal / (focal - y * view->pitch_tangent);
    y = y * t / view->pitch_cosine;
    x = x * t;
    float u = W * (0.5f + m->x) + (x * view->along - y * view->aside) * unit;
    float v = H * (0.5f + m->y) + (x * view->aside + y * view->along) * unit;
    if (!view->is_straight) move_apart(s, view, unit, &u, &v);

    float fx = px / W, fy = py / H, left = bell(&m->left, fx, fy), right = bell(&m->right, fx, fy);
    return (frame_node){
        u - 0.5f, v - 0.5f, gain_at(view, fx, fy),
        left * m->left.cb + right * m->right.cb, left * m->left.cr + right * m->right.cr,
    };
}

float frame_overrun(const frame_scene *s, const frame_moment *m) {
    const frame_view view = frame_view_of(m);
    float worst = 0;
    for (int j = 0; j <= 16; j++) for (int i = 0; i <= 16; i++) {
        frame_node n = frame_node_at(s, &view, (float)(i * s->width) / 16, (float)(j * s->height) / 16);
        worst = fmaxf(worst, fmaxf(-0.5f - n.u, n.u + 0.5f - (float)s->width));
        worst = fmaxf(worst, fmaxf(-0.5f - n.v, n.v + 0.5f - (float)s->height));
    }
    return worst;
}
