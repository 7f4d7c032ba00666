/** Marks of the map, drawn on demand: the name of an image says its form, its colours and its letter. */

export interface Mark {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

const SIZE = 26;
export const MARK_RATIO = 2;

type Draw = (pen: CanvasRenderingContext2D, middle: number, reach: number) => void;

function polygon(...corners: [number, number][]): Draw {
  return (pen, middle, reach) => {
    corners.forEach(([x, y], index) => {
      pen[index === 0 ? 'moveTo' : 'lineTo'](middle + x * reach, middle + y * reach);
    });
    pen.closePath();
  };
}

const forms: Record<string, Draw> = {
  diamond: polygon([0, -1], [1, 0], [0, 1], [-1, 0]),
  triangle: polygon([0, -0.92], [1, 0.82], [-1, 0.82]),
  square: polygon([-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]),
  hexagon: polygon([0, -1], [0.87, -0.5], [0.87, 0.5], [0, 1], [-0.87, 0.5], [-0.87, -0.5]),
  circle: (pen, middle, reach) => pen.arc(middle, middle, reach * 0.9, 0, Math.PI * 2),
};

/** The name of a mark; colours are those of the theme, so that another theme asks for other marks. */
export function markName(form: string, fill: string, edge: string, ink: string, letter = ''): string {
  return ['mark', form, fill, edge, ink, letter].join('|');
}

/** Draws the mark that *name* describes; null for a name that is no mark's or a browser without canvas. */
export function drawMark(name: string, font: string): Mark | null {
  const [kind, form, fill, edge, ink, letter] = name.split('|');
  const draw = forms[form ?? ''];
  if (kind !== 'mark' || !draw || !fill || !edge || !ink) return null;
  const side = SIZE * MARK_RATIO;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return null;
  pen.beginPath();
  draw(pen, side / 2, side / 2 - 4);
  pen.lineJoin = 'round';
  pen.lineWidth = 5;
  pen.strokeStyle = edge;
  pen.stroke();
  pen.fillStyle = fill;
  pen.fill();
  if (letter) {
    pen.fillStyle = ink;
    pen.font = `600 ${side * 0.44}px ${font}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(letter, side / 2, side * (form === 'triangle' ? 0.6 : 0.53));
  }
  return { width: side, height: side, data: pen.getImageData(0, 0, side, side).data };
}
