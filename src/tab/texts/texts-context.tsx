import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { en, type Texts } from './en.ts';
import { createFormat, type Format } from './format.ts';

interface Language {
  readonly texts: Texts;
  readonly format: Format;
}

const LanguageContext = createContext<Language | undefined>(undefined);

export function TextsProvider({ locale, children }: { locale: string; children: ReactNode }) {
  const language = useMemo(() => {
    const format = createFormat(locale);
    return { format, texts: en(format) };
  }, [locale]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useTexts(): Texts {
  return useLanguage().texts;
}

export function useFormat(): Format {
  return useLanguage().format;
}

function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('TextsProvider is missing');
  return language;
}
