import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { brought, type Camera, mapHeight, mapWidth, moved, wholeMap, zoomed } from './camera.ts';

/** A step of the arrow keys, of what is seen. */
const step = 0.12;
const keyZoom = 1.4;

/** The part of the map that is looked at, moved by wheel, pointer and keys. */
export function useCamera(box: RefObject<SVGSVGElement | null>) {
  const [at, setAt] = useState(wholeMap);
  useEffect(() => {
    const element = box.current!;
    let held: { id: number; x: number; y: number } | null = null;

    function wheel(event: WheelEvent): void {
      const { left, top, width, height } = element.getBoundingClientRect();
      const [dx, dy] = [(event.clientX - left) / width, (event.clientY - top) / height];
      const factor = Math.exp(-event.deltaY / 400);
      setAt((was) => zoomed(was, factor, was.x + (dx * mapWidth) / was.zoom, was.y + (dy * mapHeight) / was.zoom));
      event.preventDefault();
    }
    function down({ pointerId: id, clientX: x, clientY: y }: PointerEvent): void {
      held ??= { id, x, y };
    }
    function move({ pointerId: id, clientX: x, clientY: y }: PointerEvent): void {
      if (held?.id !== id) return;
      const { width, height } = element.getBoundingClientRect();
      const [dx, dy] = [(held.x - x) / width, (held.y - y) / height];
      held = { id, x, y };
      setAt((was) => moved(was, dx, dy));
    }
    function up({ pointerId }: PointerEvent): void {
      if (held?.id === pointerId) held = null;
    }

    const leaving = new AbortController();
    const { signal } = leaving;
    element.addEventListener('wheel', wheel, { passive: false, signal });
    element.addEventListener('pointerdown', down, { signal });
    // A pointer that is let go of outside of the map is let go of.
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', up, { signal });
    window.addEventListener('pointercancel', up, { signal });
    return () => leaving.abort();
  }, []);

  const zoom = (factor: number) => setAt((was) => zoomed(was, factor, ...middle(was)));
  const reset = () => setAt(wholeMap);
  return {
    at,
    zoom,
    reset,
    bring: (x: number, y: number) => setAt((was) => (was.zoom === 1 ? was : brought(was, x, y))),
    key(event: KeyboardEvent): void {
      const actions: Readonly<Record<string, () => void>> = {
        ArrowLeft: () => setAt((was) => moved(was, -step, 0)),
        ArrowRight: () => setAt((was) => moved(was, step, 0)),
        ArrowUp: () => setAt((was) => moved(was, 0, -step)),
        ArrowDown: () => setAt((was) => moved(was, 0, step)),
        '+': () => zoom(keyZoom),
        '=': () => zoom(keyZoom),
        '-': () => zoom(1 / keyZoom),
        '0': reset,
      };
      const action = actions[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      action();
      event.preventDefault();
    },
  };
}

const middle = ({ zoom, x, y }: Camera): [number, number] => [x + mapWidth / 2 / zoom, y + mapHeight / 2 / zoom];
