import { useEffect, useRef } from 'react';
import { fontStack } from '@/design/tokens';
import { drawMark } from './icons';

/** A mark of the map beside its words in a legend. */
export function MarkImage({ name, size = 18 }: { name: string; size?: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const mark = drawMark(name, fontStack);
    const pen = canvas.current?.getContext('2d');
    if (!mark || !pen || !canvas.current) return;
    canvas.current.width = mark.width;
    canvas.current.height = mark.height;
    pen.putImageData(new ImageData(new Uint8ClampedArray(mark.data), mark.width, mark.height), 0, 0);
  }, [name]);
  return <canvas ref={canvas} style={{ width: size, height: size, flex: 'none' }} />;
}
