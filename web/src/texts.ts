/** Every text of the page. A translation is another object of the same shape. */
export const texts = {
  title: 'downlinkd',
  views: {
    now: 'Now',
    signal: 'Live signal',
    frames: 'Frames',
    passes: 'Passes',
    map: 'Map',
    satellites: 'Satellites',
    station: 'Station',
  },
  skipToContent: 'Skip to content',
  navigation: 'Views',
  simulated: 'Simulated: these signals and frames did not come from space.',
  connection: {
    connecting: 'Connecting to the station …',
    stale: (seconds: number) => `No word from the station for ${seconds} s: what is shown is old. Trying again …`,
  },
  theme: { label: 'Colours', auto: 'as the system', light: 'light', dark: 'dark' },
  token: {
    title: 'Operator token',
    explain: 'Changing the station needs the token in the file operator-token of its data folder.',
    label: 'Token',
    use: 'Use',
    cancel: 'Cancel',
  },
  failed: (what: string) => `That failed: ${what}`,
  loading: 'Loading …',
  local: (time: string) => `${time} here`,
} as const;

export type Texts = typeof texts;
