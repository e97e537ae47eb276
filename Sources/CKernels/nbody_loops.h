// The loops of nbody.c for one instruction set; included once a level, with LEVEL(name) giving each function its own name.

static inline __attribute__((always_inline)) void LEVEL(coulomb_n)(
    const int64_t n, int64_t steps, double dt, double max_force, const lanes *restrict c, lanes *restrict x, lanes *restrict v,
    lanes *restrict f, lanes *closest, lanes *peak) {
  lanes *norm = f + 3 * n;
  lanes least = *closest, most = *peak;
  const lanes top = max_force, bottom = -max_force;
  for (int64_t step = 0; step < steps; step++) {
    for (int64_t k = 0; k < 3 * n; k++) f[k] = (lanes)0.0;
    for (int64_t i = 0; i < n; i++) norm[i] = x[3 * i] * x[3 * i] + x[3 * i + 1] * x[3 * i + 1] + x[3 * i + 2] * x[3 * i + 2];
    const lanes *pair = c;
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = i + 1; j < n; j++) {
        const lanes *a = x + 3 * i, *b = x + 3 * j;
        lanes r2 = (norm[i] + norm[j]) - 2.0 * (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
        least = r2 < least ? r2 : least;
        lanes w = *pair++ / (r2 * __builtin_elementwise_sqrt(r2));
        for (int axis = 0; axis < 3; axis++) {
          lanes g = w * (a[axis] - b[axis]);
          f[3 * i + axis] += g;
          f[3 * j + axis] -= g;
        }
      }
    }
    for (int64_t k = 0; k < 3 * n; k++) {
      lanes g = f[k], size = __builtin_elementwise_abs(g);
      most = size > most ? size : most;
      g = g > top ? top : g;
      g = g < bottom ? bottom : g;
      v[k] += dt * g;
      x[k] += dt * v[k];
    }
  }
  *closest = least;
  *peak = most;
}

static void LEVEL(coulomb)(int64_t n, int64_t steps, double dt, double max_force, const lanes *c, lanes *x, lanes *v, lanes *f,
                           lanes *closest, lanes *peak) {
  if (n == 5)
    LEVEL(coulomb_n)(5, steps, dt, max_force, c, x, v, f, closest, peak);
  else
    LEVEL(coulomb_n)(n, steps, dt, max_force, c, x, v, f, closest, peak);
}

static inline __attribute__((always_inline)) void LEVEL(accelerations)(int64_t n, double g, double softening,
                                                                      const lanes *restrict mass, const lanes *restrict x,
                                                                      lanes *restrict f, lanes *least) {
  const lanes soft = softening * softening;
  for (int64_t k = 0; k < 3 * n; k++) f[k] = (lanes)0.0;
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = i + 1; j < n; j++) {
      lanes d[3];
      for (int axis = 0; axis < 3; axis++) d[axis] = x[3 * j + axis] - x[3 * i + axis];
      lanes r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
      *least = r2 < *least ? r2 : *least;
      r2 += soft;
      lanes w = g / (r2 * __builtin_elementwise_sqrt(r2));
      lanes wi = w * mass[j], wj = w * mass[i];
      for (int axis = 0; axis < 3; axis++) {
        f[3 * i + axis] += wi * d[axis];
        f[3 * j + axis] -= wj * d[axis];
      }
    }
  }
}

static void LEVEL(gravity)(int64_t n, int64_t steps, double dt, double g, double softening, const lanes *mass, lanes *x, lanes *v,
                           lanes *f, lanes *closest, lanes *peak) {
  lanes least = *closest, most = *peak;
  const double half = 0.5 * dt;
  LEVEL(accelerations)(n, g, softening, mass, x, f, &least);
  for (int64_t step = 0; step < steps; step++) {
    for (int64_t k = 0; k < 3 * n; k++) {
      v[k] += half * f[k];
      x[k] += dt * v[k];
    }
    LEVEL(accelerations)(n, g, softening, mass, x, f, &least);
    for (int64_t k = 0; k < 3 * n; k++) {
      lanes size = __builtin_elementwise_abs(f[k]);
      most = size > most ? size : most;
      v[k] += half * f[k];
    }
  }
  *closest = least;
  *peak = most;
}

static void LEVEL(springs)(int64_t n, int64_t steps, double dt, double max_force, double box, const lanes *restrict c,
                           lanes *restrict x, lanes *restrict v, lanes *restrict f, lanes *closest, lanes *peak) {
  lanes least = *closest, most = *peak;
  const lanes top = max_force, bottom = -max_force, wall = box;
  for (int64_t step = 0; step < steps; step++) {
    for (int64_t k = 0; k < 3 * n; k++) f[k] = (lanes)0.0;
    const lanes *pair = c;
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = i + 1; j < n; j++, pair++) {
        lanes r2 = (lanes)0.0;
        for (int axis = 0; axis < 3; axis++) {
          lanes d = x[3 * i + axis] - x[3 * j + axis];
          lanes g = *pair * d;
          r2 += d * d;
          f[3 * i + axis] -= g;
          f[3 * j + axis] += g;
        }
        least = r2 < least ? r2 : least;
      }
    }
    for (int64_t k = 0; k < 3 * n; k++) {
      lanes g = f[k], size = __builtin_elementwise_abs(g);
      most = size > most ? size : most;
      g = g > top ? top : g;
      g = g < bottom ? bottom : g;
      lanes speed = v[k] + dt * g;
      lanes place = x[k] + dt * speed;
      lanes inward = __builtin_elementwise_abs(speed);
      speed = place > wall ? -inward : (place < -wall ? inward : speed);
      place = place > wall ? 2.0 * wall - place : (place < -wall ? -2.0 * wall - place : place);
      v[k] = speed;
      x[k] = place;
    }
  }
  *closest = least;
  *peak = most;
}
