import { type ColourMapName, colourMap } from './colour-map.ts';
import type { Painter } from './painter.ts';
import type { RowRing } from './row-ring.ts';

const vertexSource = `#version 300 es
void main() {
  // One triangle over everything.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

/** Frequencies count from the reference: a float has no room for those of the radio. */
const fragmentSource = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D levels;
uniform highp sampler2D rows;
uniform sampler2D colours;
uniform vec2 size;
uniform vec2 span;
uniform vec2 scale;
uniform vec3 empty;
uniform float rowHeight;
uniform int newest;
uniform int count;
uniform int capacity;
out vec4 colour;
void main() {
  int age = int((size.y - gl_FragCoord.y) / rowHeight);
  colour = vec4(empty, 1.0);
  if (age >= count) return;
  int slot = (newest - age + capacity) % capacity;
  vec3 row = texelFetch(rows, ivec2(0, slot), 0).xyz;
  float hz = mix(span.x, span.y, gl_FragCoord.x / size.x);
  int bin = int(floor((hz - row.x) / (row.y - row.x) * row.z));
  if (bin < 0 || bin >= int(row.z)) return;
  float level = (texelFetch(levels, ivec2(bin, slot), 0).r * 255.0 - scale.x) / scale.y;
  colour = texelFetch(colours, ivec2(int(clamp(level, 0.0, 1.0) * 255.0 + 0.5), 0), 0);
}`;

const uniformNames = [
  'levels',
  'rows',
  'colours',
  'size',
  'span',
  'scale',
  'empty',
  'rowHeight',
  'newest',
  'count',
  'capacity',
] as const;

/** Rows in a texture that goes round: one row is sent to the graphics processor when it comes, and nothing else. Null without WebGL 2. */
export function webglPainter(canvas: HTMLCanvasElement, ring: RowRing): Painter | null {
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    powerPreference: 'low-power',
  });
  if (gl === null || gl.getParameter(gl.MAX_TEXTURE_SIZE) < Math.max(ring.capacity, ring.widest)) return null;
  let uniforms = prepare(gl, ring);
  if (uniforms === null) return null;
  let referenceHz = 0;
  let shown: ColourMapName | null = null;

  function upload(slot: number): void {
    const { lowHz, highHz, bins } = ring.row(slot);
    if (ring.count === 1) referenceHz = lowHz;
    const row = ring.levels.subarray(slot * ring.widest, slot * ring.widest + bins);
    gl!.activeTexture(gl!.TEXTURE0);
    gl!.texSubImage2D(gl!.TEXTURE_2D, 0, 0, slot, bins, 1, gl!.RED, gl!.UNSIGNED_BYTE, row);
    gl!.activeTexture(gl!.TEXTURE1);
    const span = new Float32Array([lowHz - referenceHz, highHz - referenceHz, bins, 0]);
    gl!.texSubImage2D(gl!.TEXTURE_2D, 0, 0, slot, 1, 1, gl!.RGBA, gl!.FLOAT, span);
  }

  const lost = (event: Event) => event.preventDefault();
  const restored = () => {
    uniforms = prepare(gl, ring);
    shown = null;
    for (let age = ring.count - 1; age >= 0; age--) upload(ring.slot(age)!);
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);

  return {
    row: upload,
    paint({ span, scale, colours, rowHeight, empty }) {
      if (uniforms === null || gl.isContextLost()) return;
      if (shown !== colours) {
        shown = colours;
        gl.activeTexture(gl.TEXTURE2);
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 1, gl.RGBA, gl.UNSIGNED_BYTE, colourMap(colours));
      }
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.uniform2f(uniforms.size, canvas.width, canvas.height);
      gl.uniform2f(uniforms.span, span.lowHz - referenceHz, span.highHz - referenceHz);
      gl.uniform2f(uniforms.scale, (scale.floorDb - ring.baseDb) / ring.stepDb, scale.rangeDb / ring.stepDb);
      gl.uniform3f(uniforms.empty, empty[0] / 255, empty[1] / 255, empty[2] / 255);
      gl.uniform1f(uniforms.rowHeight, rowHeight);
      gl.uniform1i(uniforms.newest, ring.slot(0) ?? 0);
      gl.uniform1i(uniforms.count, ring.count);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    close() {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

type Uniforms = Readonly<Record<(typeof uniformNames)[number], WebGLUniformLocation | null>>;

function prepare(gl: WebGL2RenderingContext, ring: RowRing): Uniforms | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragmentSource],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  gl.useProgram(program);
  gl.bindVertexArray(gl.createVertexArray());
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  for (const [unit, format, width, height] of [
    [gl.TEXTURE0, gl.R8, ring.widest, ring.capacity],
    [gl.TEXTURE1, gl.RGBA32F, 1, ring.capacity],
    [gl.TEXTURE2, gl.RGBA8, 256, 1],
  ] as const) {
    gl.activeTexture(unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }
  const uniforms = Object.fromEntries(
    uniformNames.map((name) => [name, gl.getUniformLocation(program, name)]),
  ) as unknown as Uniforms;
  gl.uniform1i(uniforms.levels, 0);
  gl.uniform1i(uniforms.rows, 1);
  gl.uniform1i(uniforms.colours, 2);
  gl.uniform1i(uniforms.capacity, ring.capacity);
  return uniforms;
}
