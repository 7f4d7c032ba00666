import { type ThemeConfig, theme as antd } from 'antd';
import { fontStack, measures, palettes, type ThemeName } from './tokens';

/** antd's theme, derived from the tokens. Its own placeholder, disabled and tag greys miss WCAG AA. */
export function antdTheme(name: ThemeName): ThemeConfig {
  const p = palettes[name];
  return {
    algorithm: [name === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm, antd.compactAlgorithm],
    token: {
      colorPrimary: p.accent,
      colorInfo: p.accent,
      colorLink: p.accent,
      colorSuccess: p.normal,
      colorWarning: p.orange,
      colorError: p.red,
      colorBgBase: p.panel,
      colorBgLayout: p.bg,
      colorBgContainer: p.panel,
      colorBgElevated: p.raised,
      colorTextBase: p.text,
      colorText: p.text,
      colorTextSecondary: p.muted,
      colorTextTertiary: p.muted,
      colorTextQuaternary: p.muted,
      colorTextPlaceholder: p.muted,
      colorTextDisabled: p.muted,
      colorTextDescription: p.muted,
      colorTextLightSolid: p.accentInk,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      controlItemBgActive: p.selected,
      controlItemBgHover: p.hover,
      fontFamily: fontStack,
      fontSize: measures.fontBase,
      fontSizeSM: measures.fontMin + 1,
      controlHeight: 32,
      borderRadius: measures.radius,
      boxShadow: 'none',
      boxShadowSecondary: `0 0 0 1px ${p.line}`,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
      wireframe: false,
    },
    components: {
      Table: {
        headerBg: p.raised,
        headerColor: p.muted,
        rowHoverBg: p.hover,
        borderColor: p.line,
        cellPaddingBlockSM: 5,
        cellFontSizeSM: measures.fontDense,
      },
      Tag: { defaultColor: p.text, defaultBg: p.raised },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Pagination: { itemActiveBg: p.selected },
      Select: { optionSelectedBg: p.selected },
    },
  };
}
